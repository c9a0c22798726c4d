import { readFileSync } from 'node:fs'
import { lexer, type Tokens } from 'marked'

/** A page of Markdown, and what tests ask of it. */
export class Page {
  readonly text: string

  /** Reads the page at `path`. */
  constructor(path: string | URL) {
    this.text = readFileSync(path, 'utf8')
  }

  /** The first block of code in that language. Throws an `Error` where there is none. */
  firstCode(language: string): string {
    const found = lexer(this.text).find(
      (token): token is Tokens.Code => token.type === 'code' && token.lang === language,
    )
    if (found === undefined) throw new Error(`the page has no code in ${language}`)
    return found.text
  }

  /** The block of code behind a comment, such as `file: adapter.mjs`. Throws an `Error` where there is none. */
  codeBehind(comment: string): string {
    const [, behind] = this.text.split(`<!-- ${comment} -->\n\n`)
    const [first] = lexer(behind ?? '')
    if (first?.type !== 'code') throw new Error(`the page has no code behind ${comment}`)
    return first.text
  }

  /** The text of a section of the second level, up to the next one. Throws an `Error` where there is none. */
  section(heading: string): string {
    const [, behind] = `\n${this.text}`.split(`\n## ${heading}\n`)
    if (behind === undefined) throw new Error(`the page has no section ${heading}`)
    return behind.split('\n## ')[0] ?? ''
  }
}
