import { basename } from 'node:path'
import { MachineError } from '../../harness/process/machine-error.ts'
import { SUMS_FILE } from '../evidence/files.ts'
import { assertValid } from '../evidence/schemas.ts'
import { writeFile } from '../write-file.ts'
import type { CellDecision, GateDecision, PlacedRun } from './decision.ts'

/** An in-toto statement of test results (https://in-toto.io/attestation/test-result/v0.1). */
export interface Statement {
  _type: 'https://in-toto.io/Statement/v1'
  /** The commit that was tested. */
  subject: { name: string; digest: { gitCommit: string } }[]
  predicateType: 'https://in-toto.io/attestation/test-result/v0.1'
  predicate: {
    result: 'PASSED' | 'WARNED' | 'FAILED'
    /** The evidence that was decided by: the SHA-256 of each run's SHA256SUMS. */
    configuration: { name: string; digest: { sha256: string } }[]
    /** The run of the workflow, where one decided. */
    url?: string
    /** Cells, such as `amd64/ext4`; those that nobody ran are in none of the lists. */
    passedTests: string[]
    warnedTests: string[]
    failedTests: string[]
  }
}

function resultOf({ decision, cells }: GateDecision): Statement['predicate']['result'] {
  if (decision === 'fail') return 'FAILED'
  return cells.some(({ result }) => result === 'warn') ? 'WARNED' : 'PASSED'
}

/** The address of the run of GitHub Actions that this is, if it is one. */
function workflowUrl(env: NodeJS.ProcessEnv): string | undefined {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = env
  return GITHUB_SERVER_URL && GITHUB_REPOSITORY && GITHUB_RUN_ID
    ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`
    : undefined
}

/** The statement of a decision and the runs that it was made from. Throws a `MachineError` without a commit. */
export function statementOf(
  decision: GateDecision,
  runs: readonly PlacedRun[],
  env: NodeJS.ProcessEnv = process.env,
): Statement {
  if (decision.commit === null) {
    const remedy = 'Name the commit with --commit, or run it in its checkout.'
    throw new MachineError('MISSING', 'a statement needs a commit to be of', remedy)
  }
  const cells = (result: CellDecision['result']): string[] =>
    decision.cells.filter((each) => each.result === result).map(({ cell }) => cell)
  const url = workflowUrl(env)
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'commit', digest: { gitCommit: decision.commit } }],
    predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    predicate: {
      result: resultOf(decision),
      configuration: runs.flatMap(({ arch, fileSystem, read }) =>
        read.ok
          ? {
              name: `${arch}/${fileSystem}/${basename(read.path)}/${SUMS_FILE}`,
              digest: { sha256: read.sums },
            }
          : [],
      ),
      ...(url === undefined ? {} : { url }),
      passedTests: cells('pass'),
      warnedTests: cells('warn'),
      failedTests: cells('fail'),
    },
  }
}

/** Writes a statement to `path`. Throws a `MachineError` when it can't be written there. */
export function writeStatement(path: string, statement: Statement): void {
  assertValid('statement', statement)
  const text = `${JSON.stringify(statement, null, 2)}\n`
  writeFile(path, text, { what: 'the statement', option: '--statement' })
}
