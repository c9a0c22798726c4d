import { firstEnding, firstOf, type Language } from '../language.ts'

/** Rust, with its standard library alone; in a package of Cargo it is an example, which can use the package. */
export const RUST: Language = {
  name: 'rust',
  title: 'Rust',
  parts: ['rust/KIND.rs', 'rust/protocol.rs'],
  sign: (names) => firstOf(names, 'Cargo.toml') ?? firstEnding(names, '.rs'),
  layout: (names) =>
    names.has('Cargo.toml')
      ? {
          adapter: 'examples/pullplug-adapter.rs',
          run: { command: ['./target/debug/examples/pullplug-adapter'] },
          build: 'cargo build --example pullplug-adapter',
          needs: null,
        }
      : {
          adapter: 'pullplug-adapter.rs',
          run: { command: ['./pullplug-adapter'] },
          build: 'rustc -O pullplug-adapter.rs -o pullplug-adapter',
          needs: null,
        },
}
