/** How a copy of a mount is undone, and seen. */
export interface CopyCalls {
  unmount(mountPoint: string): void
  isMounted(mountPoint: string): boolean
}

/**
 * Unmounts a copy. Whoever has the mount may unmount it meanwhile and remove its folder, and all copies go with that
 * (rmdir(2) of what is no mount point where it is called). Throws the operating system's error where it stays.
 */
export function dropCopy(mountPoint: string, { unmount, isMounted }: CopyCalls): void {
  try {
    unmount(mountPoint)
  } catch (error) {
    if (isMounted(mountPoint)) throw error
  }
}
