/** An architecture that can be emulated, and what others call it. */
export interface Guest {
  /** Debian's name. */
  arch: string
  /** QEMU's, as in `qemu-riscv64`. */
  qemu: string
  /** The npm package with rollup's machine code, without which the test runner does not start. */
  rollup: string
}

export const GUESTS: readonly Guest[] = [
  { arch: 'amd64', qemu: 'qemu-x86_64', rollup: '@rollup/rollup-linux-x64-gnu' },
  { arch: 'arm64', qemu: 'qemu-aarch64', rollup: '@rollup/rollup-linux-arm64-gnu' },
  { arch: 'riscv64', qemu: 'qemu-riscv64', rollup: '@rollup/rollup-linux-riscv64-gnu' },
  { arch: 's390x', qemu: 'qemu-s390x', rollup: '@rollup/rollup-linux-s390x-gnu' },
]

/** The guest of that architecture. Throws an `Error` for one that there is none of. */
export function guestOf(arch: string): Guest {
  const guest = GUESTS.find((each) => each.arch === arch)
  if (guest === undefined) throw new Error(`${arch} is not emulated`)
  return guest
}
