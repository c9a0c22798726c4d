/** Takes away npm's settings of the run that this one is part of, which must not reach another npm. */
export function withoutNpm(): Record<string, undefined> {
  const names = Object.keys(process.env).filter((name) => /^npm_/i.test(name))
  return Object.fromEntries(names.map((name) => [name, undefined]))
}
