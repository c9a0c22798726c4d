/** What of a control's record says how it fared, whatever tier put it to the test. */
export interface Fared {
  name: string
  expectation: 'caught' | 'unseen'
  caught: boolean
}

/** Those that must be caught. */
export function dueControls<C extends Pick<Fared, 'expectation'>>(controls: readonly C[]): C[] {
  return controls.filter(({ expectation }) => expectation === 'caught')
}

/** The names of those that must be caught and were not. */
export function missedControls(controls: readonly Fared[]): string[] {
  return dueControls(controls)
    .filter(({ caught }) => !caught)
    .map(({ name }) => name)
}

/** Why controls prove nothing of a run (`who` missed them); null when they do. `triesOf` counts how often one was tried. */
export function whyNothingProven<C extends Fared>(
  who: string,
  controls: readonly C[],
  triesOf: (control: C) => number,
): string | null {
  const missed = missedControls(controls)
  if (missed.length > 0) {
    return `${who} missed its control ${missed.join(', ')}, so it proves nothing`
  }
  const untried = controls.find((control) => triesOf(control) === 0)
  return untried === undefined ? null : `its control ${untried.name} was not put to the test`
}
