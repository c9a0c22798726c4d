import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import GithubSlugger from 'github-slugger'
import { lexer, type Token, type Tokens, walkTokens } from 'marked'

/** What a page links to, and the anchors that its headings are. */
interface Page {
  targets: string[]
  anchors: Set<string>
}

const ADDRESS = /^[a-z][a-z0-9+.-]*:/i

/** A heading as it reads, without what makes it bold or code. */
function plainText(heading: Tokens.Heading): string {
  let text = ''
  walkTokens(heading.tokens, (token: Token) => {
    if (!('tokens' in token) && 'text' in token) text += token.text
  })
  return text
}

function readPage(path: string): Page {
  const slugger = new GithubSlugger()
  const page: Page = { targets: [], anchors: new Set() }
  walkTokens(lexer(readFileSync(path, 'utf8')), (token: Token) => {
    if (token.type === 'heading') {
      page.anchors.add(slugger.slug(plainText(token as Tokens.Heading)))
    } else if (token.type === 'link' || token.type === 'image') {
      page.targets.push((token as Tokens.Link | Tokens.Image).href)
    }
  })
  return page
}

/**
 * The links of the Markdown pages among `files`, paths below `root`, that lead to none of the files, to no folder of
 * them and to no heading: each as `page: target`. Addresses of other places are not followed.
 */
export function deadLinks(root: string, files: readonly string[]): string[] {
  const pages = new Map(
    files
      .filter((file) => file.endsWith('.md'))
      .map((file): [string, Page] => [file, readPage(join(root, file))]),
  )
  const isThere = (path: string): boolean =>
    path === '.' || files.some((file) => file === path || file.startsWith(`${path}/`))
  const isDead = (page: string, target: string): boolean => {
    const [path = '', anchor] = target.split('#').map(decodeURIComponent)
    const file = path === '' ? page : posix.join(posix.dirname(page), path).replace(/\/$/, '')
    if (!isThere(file)) return true
    return anchor !== undefined && pages.get(file)?.anchors.has(anchor) !== true
  }
  return [...pages].flatMap(([page, { targets }]) =>
    targets
      .filter((target) => !ADDRESS.test(target) && isDead(page, target))
      .map((target) => `${page}: ${target}`),
  )
}
