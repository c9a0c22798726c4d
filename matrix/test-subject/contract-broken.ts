import type { RuleCheck } from '../../harness/subject/check/check.ts'

/** The subject breaks the contract, so that no fault would say anything. */
export class ContractBroken extends Error {
  override readonly name = 'ContractBroken'
  readonly check: RuleCheck

  constructor(check: RuleCheck) {
    super(`${check.rule}: ${check.detail}`)
    this.check = check
  }
}
