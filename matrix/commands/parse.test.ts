import { expect, test } from 'vitest'
import { parse } from './parse.ts'

/** Why a command line is refused. */
async function refusalOf(...args: string[]): Promise<string> {
  const asked = await parse(args).catch((error: Error) => {
    expect(error.name).toBe('UsageError')
    return error
  })
  return asked instanceof Error ? asked.message : `taken as ${JSON.stringify(asked)}`
}

test.each([
  [[], 'name a command: matrix, init, '],
  [['--nonsense'], 'there is no option "--nonsense"'],
  [['matrix', '--nonsense'], 'there is no option "--nonsense"'],
  [['matrix', '--iteration', '3'], 'there is no option "--iteration"; did you mean --iterations?'],
  [['matrix', '-x'], 'there is no option "-x"'],
  [['verify', '-1'], 'there is no option "-1"'],
  [['gate', '--color', '--no-color'], '--color and --no-color exclude each other'],
  [['gate', '--no-color', '--no-color'], '--no-color is given twice, and can be given once'],
  [['gate', '--color=always'], '--color takes no value, and is given "always"'],
  [['matrices'], 'there is no command "matrices"; did you mean matrix?'],
  [['help', 'doctr'], 'there is no command "doctr"; did you mean doctor?'],
  [['matrix', '--arch', 'vax'], '"vax" is no architecture; there are amd64, arm64, riscv64, s390x'],
  [
    ['matrix', '--fs', 'ext4,ntfs'],
    '"ntfs" is no file system; there are ext4, xfs, btrfs, workdir',
  ],
  [['matrix', '--fs', ''], '"" is no file system'],
  [['matrix', '--seed', 'lucky'], '--seed "lucky": A seed is a whole number from 0 to 4294967295'],
  [['matrix', '--shard', 'half'], 'A shard is I/N, the I-th of N, such as 1/2'],
  [['matrix', '--shard', '0/2'], 'A shard is I/N'],
  [['matrix', '--shard', '3/2'], 'A shard is I/N'],
  [['matrix', '--shard', '1/101'], 'N is at most 100'],
  [['matrix', '--tear', '100'], '"100" is no size of what a disk writes as one'],
  [['matrix', '--ext4', 'data=lost'], '"data=lost" is no variant of ext4; there are data=ordered'],
  [['matrix', '--subject', 'nobody'], '"nobody" is no subject'],
  [['matrix', 'surplus'], 'there are too many operands: "surplus"'],
  [['gate', 'a', 'b', 'c'], 'too many operands: "b c"'],
  [['replay', '/nowhere', '--state', '7'], 'A state is ROUND.NUMBER'],
  [['replay', 'x', '--iteration', 'last'], 'An iteration is a whole number from 1'],
  [['export', '/nowhere'], '--dm-log-writes is needed, and not given'],
  [['setup'], '--arch is needed, and not given'],
  [['setup', '--arch', 's390x', '--mirror', 'nowhere'], 'It is an address such as http://'],
  [['merge'], 'an operand is missing: pullplug merge <dir..>'],
  [['replay'], 'an operand is missing: pullplug replay <evidence>'],
  [['verify'], 'an operand is missing: pullplug verify <dir>'],
  [['verify', '--', '-a', '-b'], 'too many operands: "-b"'],
  [['gate', '--commit', 'HEAD'], 'A commit is 40 hexadecimal digits'],
  [['gate', '--max-age', '0'], 'It is a number of hours above 0'],
  [['gate', '--max-age', '9'.repeat(400)], 'It is a number of hours above 0'],
])('%j is refused with a sentence that says why', async (args, message) => {
  expect(await refusalOf(...args)).toContain(message)
})

const NUMBERS = ['--max-failures', '--seed', '--iterations', '--runs', '--states']

test.each(['-1', '1.5', '0x10', '1e3', ' 5', '5 ', '+5', '', 'NaN', 'Infinity', '٥', '1_000'])(
  'the number %j is refused wherever a number is meant',
  async (text) => {
    for (const option of NUMBERS) {
      expect(await refusalOf('matrix', option, text)).toContain('is a whole number from')
      expect(await refusalOf('matrix', `${option}=${text}`)).toContain('is a whole number from')
    }
    expect(await refusalOf('cells', '--shards', text)).toContain('is a whole number from')
  },
)

/** A value for every option that takes one. */
const VALUES: Record<string, string[][]> = {
  report: [['--html', 'x'], ['--junit', 'x'], ['--markdown', 'x'], ['--json']],
  matrix: [
    ['--arch', 'amd64'],
    ['--fs', 'ext4'],
    ['--runs', '1'],
    ['--seed', '1'],
    ['--iterations', '1'],
    ['--every-point'],
    ['--states', '1'],
    ['--exhaustive'],
    ['--tear', '512'],
    ['--ext4', 'data=ordered'],
    ['--shard', '1/2'],
    ['--subject', 'wal'],
    ['--out', 'x'],
    ['--last-failed'],
    ['--max-failures', '1'],
    ['--quiet'],
    ['--verbose'],
    ['--json'],
    ['--no-install'],
  ],
  test: [['--last-failed'], ['--max-failures', '1'], ['--quiet'], ['--verbose'], ['--json']],
  setup: [
    ['--arch', 'all'],
    ['--mirror', 'http://x'],
  ],
  'replay x': [
    ['--iteration', '1'],
    ['--state', '1.1'],
    ['--without-mount'],
    ['--keep'],
    ['--json'],
  ],
  'export x': [
    ['--dm-log-writes', 'x'],
    ['--round', '1'],
  ],
  'verify x': [['--out', 'x'], ['--json']],
  'merge x': [['--out', 'x'], ['--allow-gaps'], ['--json']],
  gate: [
    ['--commit', '0'.repeat(40)],
    ['--max-age', '1'],
    ['--advisory'],
    ['--json'],
    ['--statement', 'x'],
  ],
  cells: [['--arch', 'all'], ['--fs', 'ext4'], ['--shards', '1'], ['--json']],
  doctor: [['--clean'], ['--json']],
}
const OPTIONS = Object.entries(VALUES).flatMap(([command, options]) =>
  options.map((option): [string, string[]] => [command, option]),
)
const NEEDED: Record<string, string[]> = {
  setup: ['--arch', 'all'],
  'export x': ['--dm-log-writes', 'x'],
}
const neededBy = (command: string, name: string): string[] => {
  const needed = NEEDED[command] ?? []
  return needed[0] === name ? [] : needed
}

test.each(OPTIONS)('%s %j is taken once, and refused twice', async (command, option) => {
  const [name = ''] = option
  const line = [...command.split(' '), ...neededBy(command, name)]
  expect(await parse([...line, ...option])).toHaveProperty('command')
  const twice = await refusalOf(...line, ...option, ...option)
  expect(twice).toBe(`${name} is given twice, and can be given once`)
})

test.each(OPTIONS)(
  '%s %j is refused with a value it does not take, or without its own',
  async (...given) => {
    const [command, [name = '', value]] = given
    const line = [...command.split(' '), ...neededBy(command, name)]
    if (value === undefined) {
      for (const each of ['', 'true', 'false', 'no', '0']) {
        expect(await refusalOf(...line, `${name}=${each}`)).toContain(`${name} takes no value`)
      }
      expect(await refusalOf(...line, name, 'false')).toContain(`${name} takes no value`)
    } else {
      expect(await refusalOf(...line, name)).toBe(`${name} needs a value`)
      expect(await refusalOf(...line, name, '--json')).toBe(`${name} needs a value`)
      expect(await refusalOf(...line, `${name}=`)).toContain('""')
    }
    const negated = `--no-${name.slice(2)}`
    expect(await refusalOf(...line, negated)).toContain(`there is no option "${negated}"`)
  },
)

test.each([['--tear'], ['--ext4'], ['--subject'], ['--shard'], ['--seed']])(
  '%s takes one value and no list',
  async (option) => {
    const one = VALUES.matrix?.find(([name]) => name === option)?.[1] ?? ''
    expect(await refusalOf('matrix', option, `${one},${one}`)).toContain(option)
  },
)

test('a reporter is named, may have a file, and may be one of several', async () => {
  const asked = await parse(['test', '--reporter', 'html', '--reporter=junit=a=b.xml'])
  expect(asked).toMatchObject({
    given: {
      reporter: [
        { reporter: { name: 'html' }, file: 'pullplug-report.html' },
        { reporter: { name: 'junit' }, file: 'a=b.xml' },
      ],
    },
  })
  expect(await parse(['matrix'])).toMatchObject({ given: { reporter: [] } })
  const known = 'there are html, junit, markdown, json'
  expect(await refusalOf('test', '--reporter', 'pdf=x')).toContain(`"pdf" is no reporter; ${known}`)
  expect(await refusalOf('matrix', '--reporter', 'html=')).toContain('html= names no file')
})

test('an option is known by its whole name only', async () => {
  for (const name of ['--everyPoint', '--every', '--EVERY-POINT', '--__proto__', '--constructor']) {
    expect(await refusalOf('matrix', name)).toContain(`there is no option "${name}"`)
  }
  expect(await refusalOf('verify', '--dir', 'x')).toContain('there is no option "--dir"')
})

test('a wrong value is shown short, on one line, and without what a terminal would obey', async () => {
  const wrong = `\u001b[31mred\n\u202e${'x'.repeat(10_000)}`
  for (const line of [
    ['matrix', '--seed', wrong],
    ['matrix', '--fs', wrong],
    ['matrix', '--subject', wrong],
    ['matrix', `--${wrong}`],
    ['gate', `--json=${wrong}`],
    ['cells', wrong],
    [wrong],
  ]) {
    const message = await refusalOf(...line)
    expect(message).not.toMatch(/\p{C}/u)
    expect(message.length).toBeLessThan(700)
    expect(message).toContain('red \\u{202e}xxx')
    expect(message).not.toContain('x'.repeat(61))
  }
})

test('operands that look like options, numbers or words of the parser are operands', async () => {
  for (const name of ['help', 'true', '12', '0x10', '.', '-', 'a.b=c', ' ']) {
    expect(await parse(['verify', name])).toMatchObject({ operands: [name] })
  }
  expect(await parse(['verify', '--', '--help'])).toMatchObject({ operands: ['--help'] })
  expect(await parse(['merge', 'a', '--json', 'b', '--', '-c'])).toMatchObject({
    operands: ['a', 'b', '-c'],
    given: { json: true, allowGaps: false, out: 'evidence' },
  })
})

test('an operand that is empty is refused', async () => {
  for (const command of ['gate', 'merge', 'verify', 'replay']) {
    expect(await refusalOf(command, '')).toBe('an operand is empty, and names nothing')
  }
  expect(await refusalOf('merge', 'a', '')).toBe('an operand is empty, and names nothing')
})

test('values come parsed, and those that are not given as their defaults or not at all', async () => {
  expect(await parse(['matrix', '--seed', '7', '--shard=1/2', '--no-install'])).toMatchObject({
    given: {
      seed: 7,
      shard: { index: 1, of: 2 },
      noInstall: true,
      json: false,
      runs: 1,
      tear: '512',
      out: 'evidence',
      subject: 'wal',
    },
  })
  const { given } = (await parse(['matrix'])) as { given: Record<string, unknown> }
  expect([given.arch, given.fs, given.seed, given.states, given.ext4]).toEqual(
    Array(5).fill(undefined),
  )
})
