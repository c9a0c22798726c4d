import type { Check, RuleCheck } from '../../harness/subject/check/check.ts'
import type { DescribedSubject } from '../../harness/subject/description.ts'
import { plainLine } from '../../harness/text/shown.ts'
import { colours } from '../colours.ts'
import { pagePath } from '../package-root.ts'

/** What is checked, as the first line. */
export function headingInWords({ description }: DescribedSubject): string {
  const run = 'module' in description ? description.module : description.command.join(' ')
  return `${description.name}, a ${description.kind}: ${plainLine(run)}`
}

/** One rule, and where it is broken what was seen, what was sent and what came back. */
export function ruleInWords({ rule, kept, detail, evidence }: RuleCheck): string {
  if (kept === null) return colours.dim(`- ${rule} (not tried)`)
  if (kept) return `${colours.green('✓')} ${rule}`
  const lines = (detail ?? '').split('\n')
  const dialogue =
    evidence === null ? [] : [`sent:      ${evidence.sent}`, `came back: ${evidence.cameBack}`]
  return [
    `${colours.red('✗')} ${rule}`,
    ...[...lines, ...dialogue].map((line) => plainLine(`    ${line}`)),
  ].join('\n')
}

/** What the check concludes, behind the rules. */
export function conclusionInWords(name: string, { kept, notes }: Check): string {
  const verdict = kept
    ? `${colours.green('pass')}: ${name} keeps the contract`
    : `${colours.red('fail')}: ${name} breaks the contract, which ${plainLine(pagePath('subjects.md'))} tells`
  return [...notes.map((note) => plainLine(`note: ${note}`)), verdict].join('\n')
}
