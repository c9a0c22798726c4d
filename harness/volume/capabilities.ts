import { CHILD_ENVIRONMENT } from '../process/environment.ts'
import { FILE_SYSTEMS, type FileSystemName } from './file-systems/index.ts'
import { lacksFor, thisMachine } from './requirements.ts'

/** Whether volumes of a file system can be made here. */
export interface VolumeCapability {
  fileSystem: FileSystemName
  available: boolean
  /** What is missing, each as `needs …` would name it, with the way to get it in parentheses. */
  missing: string[]
  /** Among what is missing is the command that makes the file system. */
  toolMissing: boolean
}

/** What volumes can be made here. `path` is where commands are looked for, with colons. */
export async function volumeCapabilities(
  options: { path?: string } = {},
): Promise<VolumeCapability[]> {
  const machine = thisMachine(options.path ?? CHILD_ENVIRONMENT.PATH ?? '')
  return (Object.keys(FILE_SYSTEMS) as FileSystemName[]).map((fileSystem) => {
    const lacks = lacksFor(fileSystem, machine)
    const [mkfs] = FILE_SYSTEMS[fileSystem].mkfs
    return {
      fileSystem,
      available: lacks.length === 0,
      missing: lacks.map(({ what, remedy }) => `${what} (${remedy})`),
      toolMissing: lacks.some(({ what }) => what === mkfs),
    }
  })
}
