import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { withoutNpm } from '../emulation/npm-environment.ts'
import { packageRoot } from '../package-root.ts'

const QUICKLY = ['--no-audit', '--no-fund', '--prefer-offline']
const AUTHOR = ['-c', 'user.name=somebody', '-c', 'user.email=somebody@example.org']

/** A project of somebody's into which this package was installed: a clean git repository of its own. */
export class Project {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  /** The folder of the installed package. */
  get installed(): string {
    return join(this.folder, 'node_modules', 'pullplug')
  }

  /** Runs a command there; never throws for how it ends. */
  run(file: string, ...args: string[]) {
    return execa(file, args, { cwd: this.folder, env: withoutNpm(), reject: false })
  }

  /** Runs what `npx pullplug` starts there, without the half second that npx takes to find it. */
  pullplug(...args: string[]) {
    return this.run(join(this.folder, 'node_modules', '.bin', 'pullplug'), ...args)
  }

  /** Commits all that is there; returns the commit. */
  async commit(): Promise<string> {
    await this.run('git', 'add', '.')
    await this.run('git', ...AUTHOR, 'commit', '--quiet', '--message', 'all')
    return (await this.run('git', 'rev-parse', 'HEAD')).stdout
  }

  /** A copy of it in another folder. */
  copyTo(folder: string): Project {
    cpSync(this.folder, folder, { recursive: true, verbatimSymlinks: true })
    return new Project(folder)
  }
}

async function npm(folder: string, ...args: string[]): Promise<void> {
  await execa('npm', args, { cwd: folder, env: withoutNpm() })
}

/** Packs this package as it is built, and installs the tarball in an empty project below `root`. */
export async function installPacked(root: string): Promise<Project> {
  await npm(packageRoot, 'pack', '--ignore-scripts', '--pack-destination', root)
  const [tarball = ''] = readdirSync(root).filter((name) => name.endsWith('.tgz'))
  const project = new Project(join(root, 'project'))
  mkdirSync(project.folder)
  writeFileSync(join(project.folder, 'package.json'), '{ "name": "somebodys", "private": true }\n')
  writeFileSync(join(project.folder, '.gitignore'), 'node_modules/\n')
  await npm(project.folder, 'install', ...QUICKLY, '--save-dev', join('..', tarball))
  await project.run('git', 'init', '--quiet')
  await project.commit()
  return project
}
