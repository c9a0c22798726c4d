import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A Debian that is played: what apt-get and the others were called with, and what they do instead. */
export interface FakeDebian {
  cache: string
  /** The calls so far, in order, such as `apt-get update`. */
  calls(): string[]
}

/** What `apt-get` does for a suite that can be had, that can't, or that never ends. */
export type Behaviour = 'works' | 'fails' | 'hangs'

const PACKAGES: Record<string, string[]> = {
  'qemu-user': ['qemu-x86_64', 'qemu-aarch64', 'qemu-riscv64', 'qemu-s390x'],
  nodejs: ['node', 'npm'],
}

/** A .deb is played by a file that names the programs it brings. */
function scripts(behaviour: Record<string, Behaviour>): Record<string, string> {
  const cases = Object.entries(behaviour).map(([suite, how]) =>
    how === 'works'
      ? `${suite}) ;;`
      : how === 'fails'
        ? `${suite}) echo 'E: no such thing' >&2; exit 100 ;;`
        : `${suite}) touch "$FAKE_DEBIAN/hanging"; exec sleep 60 ;;`,
  )
  const packages = Object.entries(PACKAGES).map(
    ([name, programs]) => `*${name}*) echo '${programs.join(' ')}' > ${name}_1_any.deb ;;`,
  )
  return {
    'apt-config': `echo 'Acquire::http::Proxy "http://proxy:1";'; echo 'APT::Update::Post-Invoke:: "rm -rf /";'`,
    'apt-get': `
      suite=$(sed -n 's/^Suites: //p' "$(dirname "$APT_CONFIG")/etc/sources.list.d/debian.sources")
      cat "$APT_CONFIG" > "$FAKE_DEBIAN/apt.conf"
      case "$suite" in ${cases.join('\n')} esac
      if [ "$1" = update ]; then
        printf 'Date: Sat, 01 Jan 2022 00:00:00 UTC\\nValid-Until: Sat, 08 Jan 2022 00:00:00 UTC\\n' > ../../state/lists/x_InRelease
      else
        case "$*" in ${packages.join('\n')} esac
      fi`,
    'dpkg-deb': `
      case "$1" in
        --field) printf 'Package: %s\\nVersion: 1\\n' "$(basename "$2" _1_any.deb)" ;;
        --extract)
          mkdir -p "$3/usr/bin" "$3/usr/lib" "$3/etc" "$3/usr/share/doc"
          for program in $(cat "$2"); do echo program > "$3/usr/bin/$program"; done ;;
      esac`,
    npm: `for last; do :; done; mkdir -p "node_modules/\${last%@*}"`,
  }
}

/** Puts a Debian that is played on PATH until the test's end, with a cache of its own. */
export function fakeDebian(behaviour: Record<string, Behaviour>): FakeDebian {
  const root = mkdtempSync(join(tmpdir(), 'pullplug-debian-'))
  const { PATH, XDG_CACHE_HOME, FAKE_DEBIAN } = process.env
  const log = join(root, 'calls')
  mkdirSync(join(root, 'bin'))
  for (const [name, body] of Object.entries(scripts(behaviour))) {
    const path = join(root, 'bin', name)
    writeFileSync(path, `#!/bin/sh\nset -e\necho "${name} $*" >> "$FAKE_DEBIAN/calls"\n${body}\n`)
    chmodSync(path, 0o755)
  }
  writeFileSync(log, '')
  const cache = join(root, 'cache', 'pullplug')
  Object.assign(process.env, {
    PATH: `${join(root, 'bin')}:${PATH}`,
    XDG_CACHE_HOME: join(root, 'cache'),
    FAKE_DEBIAN: root,
  })
  onTestFinished(() => {
    for (const [name, value] of Object.entries({ PATH, XDG_CACHE_HOME, FAKE_DEBIAN })) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
    rmSync(root, { recursive: true, force: true })
  })
  return {
    cache,
    calls: () => readFileSync(log, 'utf8').split('\n').slice(0, -1),
  }
}
