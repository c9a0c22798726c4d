import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { makeDirectories } from '../../harness/process/make-directories.ts'

/** Where Debian's packages come from. */
export interface DebianSource {
  mirror: string
  /** Such as `trixie`. */
  suite: string
  /** The keyring that its lists must be signed with. */
  keyring: string
}

/** How the host reaches the network: its proxies and certificates hold for our apt, too. */
async function hostNetwork(): Promise<string> {
  const { stdout } = await execa('apt-config', ['dump'], { reject: false })
  return stdout
    .split('\n')
    .filter((line) => /^Acquire::https?::/.test(line))
    .join('\n')
}

/**
 * Writes the configuration of an apt of our own below `folder`, for packages of `arch`, and returns its
 * path, for APT_CONFIG. It shares nothing with the host's but the network: not its lists, its status,
 * its preferences nor its hooks, which would act on the host.
 */
export async function writeAptConfiguration(
  folder: string,
  arch: string,
  { mirror, suite, keyring }: DebianSource,
): Promise<string> {
  for (const name of ['state/lists/partial', 'cache/archives/partial', 'log']) {
    makeDirectories(join(folder, name))
  }
  for (const name of ['apt.conf.d', 'sources.list.d', 'preferences.d', 'trusted.gpg.d']) {
    makeDirectories(join(folder, 'etc', name))
  }
  writeFileSync(join(folder, 'state/status'), '')
  const source = [
    'Types: deb',
    `URIs: ${mirror}`,
    `Suites: ${suite}`,
    'Components: main',
    `Signed-By: ${keyring}`,
    '',
  ]
  writeFileSync(join(folder, 'etc/sources.list.d/debian.sources'), source.join('\n'))
  const configuration = [
    await hostNetwork(),
    `Dir::State "${folder}/state";`,
    `Dir::State::status "${folder}/state/status";`,
    `Dir::Cache "${folder}/cache";`,
    `Dir::Etc "${folder}/etc";`,
    `Dir::Log "${folder}/log";`,
    `APT::Architecture "${arch}";`,
    `APT::Architectures { "${arch}"; };`,
    'APT::Install-Recommends "false";',
    'APT::Update::Error-Mode "any";',
    // As root, apt would go over to a user that may not write here.
    'APT::Sandbox::User "root";',
    'Acquire::Languages "none";',
    'Acquire::Retries "3";',
    'Acquire::http::Timeout "30";',
    'Acquire::https::Timeout "30";',
    // The signature must hold. A mirror that is behind is told of, and used.
    'Acquire::Check-Valid-Until "false";',
    '',
  ]
  const path = join(folder, 'apt.conf')
  writeFileSync(path, configuration.join('\n'))
  return path
}
