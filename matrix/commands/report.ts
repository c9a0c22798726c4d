import { answer, answerJson } from '../answer.ts'
import { assertValid } from '../evidence/schemas.ts'
import { EXIT } from '../exit-code.ts'
import { reportInWords } from '../report/in-words.ts'
import { isBelieved } from '../report/model.ts'
import { reportOfEvidence } from '../report/of-evidence.ts'
import { html } from '../report/reporters/html.ts'
import { junit } from '../report/reporters/junit.ts'
import { markdown } from '../report/reporters/markdown.ts'
import { assertApart, type WantedReport, writeReports } from '../report/write.ts'
import { command, flag, value } from './command.ts'
import { path } from './values.ts'

/** `pullplug report [DIR]`. */
export const report = command({
  options: {
    html: value(path, `write ${html.describe} to this file`),
    junit: value(path, `write ${junit.describe} to this file`),
    markdown: value(path, `write ${markdown.describe} to this file`),
    json: flag('all of it as JSON'),
  },
  notes: `[dir] is the folder of the evidence, which is evidence/ unless given. It tells what the runs there came to, and decides nothing: the exit code is 0 when all of it was told, whatever the verdicts, 1 when some of the evidence can’t be believed, which every form of the report says, and 3 when there is no run.`,
  examples: [
    ['pullplug report'],
    ['pullplug report --html report.html', 'a page to look at, with pictures'],
    ['pullplug report evidence --junit junit.xml --markdown comment.md'],
    [`pullplug report --json | jq '.cells[] | select(.verdict == "fail")'`],
  ],
  makesThings: false,
  async run({ json, ...files }, [directory = 'evidence']) {
    const wanted = [html, junit, markdown].flatMap((reporter): WantedReport[] => {
      const file = files[reporter.name as keyof typeof files]
      return file === undefined ? [] : [{ reporter, file, option: `--${reporter.name}` }]
    })
    assertApart(wanted)
    const model = reportOfEvidence(directory)
    writeReports(model, wanted)
    if (json) {
      assertValid('report', model)
      await answerJson(model)
    } else await answer(reportInWords(model))
    return isBelieved(model) ? EXIT.pass : EXIT.fail
  },
})
