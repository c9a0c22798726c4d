import { COLOURS, type Theme } from './palette.ts'

const variables = (theme: Theme): string =>
  Object.entries(COLOURS)
    .map(([name, byTheme]) => `--${name}:${byTheme[theme]};`)
    .join('')

/** How a report looks: light or dark as the reader's system says, on a phone, and on paper. */
export const STYLE = `
:root{color-scheme:light dark;${variables('light')}}
@media (prefers-color-scheme:dark){:root{${variables('dark')}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main,body>header,body>footer{max-width:62rem;margin:0 auto;padding:0 1rem}
body>header{padding-top:1.5rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .5rem}
h2{font-size:1.3rem;margin:2.2rem 0 .5rem;padding-top:.8rem;border-top:1px solid var(--line)}
h3{font-size:1.1rem;margin:1.4rem 0 .4rem}
h4{font-size:1rem;margin:1.1rem 0 .3rem}
p{margin:.4rem 0;overflow-wrap:anywhere}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--ground);padding:.3rem .6rem;z-index:1}
.lede{font-size:1.1rem}
.quiet{color:var(--quiet)}
.verdict{display:inline-block;padding:0 .5rem;border-radius:.6rem;border:1px solid currentColor;font-weight:600;white-space:nowrap;font-size:.9em}
.pass{color:var(--pass)}
.fail{color:var(--fail)}
.inconclusive{color:var(--unsure)}
.skipped,.absent{color:var(--quiet)}
.invalid{color:var(--fail);border-style:double;border-width:3px}
.alarm{border:2px solid var(--fail);border-left-width:.6rem;padding:.5rem .9rem;margin:1rem 0;background:var(--raised)}
.alarm h2{border:0;margin:.2rem 0;padding:0;color:var(--fail)}
.wide{overflow-x:auto;margin:.6rem 0;max-width:100%}
table{border-collapse:collapse;font-size:.95rem}
caption{text-align:left;color:var(--quiet);padding:.2rem 0;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .7rem .3rem 0;border-bottom:1px solid var(--line)}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
td{overflow-wrap:break-word;min-width:5.5rem}
dl.facts{display:grid;grid-template-columns:minmax(5rem,max-content) 1fr;gap:.1rem 1rem;margin:.5rem 0;font-size:.95rem}
dl.facts dt{color:var(--quiet)}
dl.facts dd{grid-column:2;margin:0;overflow-wrap:anywhere}
@media (min-width:54rem){.told{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,3fr);gap:0 1.5rem;align-items:start}}
details{border:1px solid var(--line);border-radius:.5rem;margin:.6rem 0;background:var(--raised)}
details>:not(summary){margin-left:.9rem;margin-right:.9rem}
details>:last-child{margin-bottom:.8rem}
summary{cursor:pointer;padding:.5rem .9rem;border-radius:.5rem;overflow-wrap:anywhere}
details.story{border-left:.4rem solid var(--fail)}
details.story.unsure{border-left-color:var(--unsure)}
details.story>summary{font-weight:600}
code,pre{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.88em}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--ground);border:1px solid var(--line);border-radius:.4rem;padding:.5rem .7rem;margin:.4rem 0}
ol.timeline{list-style:none;padding:0;margin:.5rem .9rem}
ol.timeline li{position:relative;padding:.15rem 0 .15rem 2rem;overflow-wrap:anywhere}
ol.timeline li::before{content:"";position:absolute;left:.62rem;top:0;bottom:0;border-left:2px solid var(--line)}
ol.timeline li:first-child::before{top:.7rem}
ol.timeline li:last-child::before{bottom:auto;height:.7rem}
ol.timeline svg{position:absolute;left:0;top:.2rem;width:1.3rem;height:1.3rem}
.became{font-size:.85em;font-weight:600}
figure{margin:.8rem 0}
figcaption{font-size:.9rem;color:var(--quiet)}
figure svg.picture{display:block;width:100%;min-width:40rem;height:auto}
svg text{fill:var(--quiet);font:11px system-ui,"DejaVu Sans",sans-serif}
svg .axis{fill:none;stroke:var(--line);stroke-width:1}
svg .write{stroke:var(--write);stroke-width:1.2}
svg .flush{stroke:var(--flush);stroke-width:1;stroke-dasharray:3 2}
svg .ack{fill:var(--pass)}
svg .mark{fill:var(--mark)}
svg .untold{fill:none;stroke:var(--mark);stroke-width:1.2}
svg .badmark{fill:none;stroke:var(--fail);stroke-width:2.4}
svg .unsuremark{fill:none;stroke:var(--unsure);stroke-width:2}
svg .curve{fill:none;stroke:var(--link);stroke-width:2}
svg .dot{fill:var(--link)}
svg .event{fill:var(--mark);stroke:var(--raised);stroke-width:1.5}
svg .event.bad{fill:var(--fail)}
svg .event.good{fill:var(--pass)}
ul.key{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 1rem;padding:0;margin:.3rem 0;font-size:.9rem}
ul.key svg{width:1rem;height:1rem;vertical-align:-.15rem;margin-right:.3rem}
${[1, 2, 3, 4, 5, 6].map((number) => `svg .o${number}{fill:var(--o${number})}`).join('\n')}
footer{margin-top:2.5rem;padding-bottom:2rem;color:var(--quiet);font-size:.9rem}
@media (max-width:34rem){body{font-size:15px}table{font-size:.9rem}dl.facts{grid-template-columns:1fr}dl.facts dd{grid-column:1;margin-bottom:.3rem}}
@media print{:root{color-scheme:light;${variables('light')}}body{font-size:10.5pt}main,body>header,body>footer{max-width:none;padding:0}.wide{overflow:visible}figure svg.picture{min-width:0}details{break-inside:avoid}a{color:inherit}details::details-content{content-visibility:visible;display:block;block-size:auto}}
`.trim()
