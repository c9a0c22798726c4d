/** What an expression can name: `github`, `inputs`, `matrix`, … */
export type Contexts = Readonly<Record<string, unknown>>

/** What a job has come to so far, for `always()` and its like. */
export interface JobState {
  failed: boolean
}

const TOKEN = /\s*(?:('(?:[^']|'')*')|(\d+)|([A-Za-z_][\w-]*)|(&&|\|\||==|!=|[!().]))/y

function tokensOf(text: string): string[] {
  const tokens: string[] = []
  const source = text.trimEnd()
  TOKEN.lastIndex = 0
  for (let at = 0; at < source.length; at = TOKEN.lastIndex) {
    const match = TOKEN.exec(source)
    if (match === null) throw new Error(`the rehearsal does not know the expression ${text}`)
    tokens.push(match.slice(1).find((part) => part !== undefined) as string)
  }
  return tokens
}

const isTrue = (value: unknown): boolean => value !== false && value !== 0 && value !== ''

/**
 * The value of an expression of GitHub Actions, of the few kinds that the workflows use: literals, names,
 * `!`, `&&`, `||`, `==`, `!=`, `always()`, `cancelled()` and `fromJSON(…)`. Throws an `Error` on any other,
 * and on a name that stands for nothing.
 */
export function evaluate(text: string, contexts: Contexts, state: JobState): unknown {
  const tokens = tokensOf(text)
  const unknown = (): Error => new Error(`the rehearsal does not know the expression ${text}`)
  const take = (token: string): boolean => {
    const is = tokens[0] === token
    if (is) tokens.shift()
    return is
  }
  const need = (token: string): void => {
    if (!take(token)) throw unknown()
  }

  function call(name: string): unknown {
    if (name === 'fromJSON') {
      const json = either()
      need(')')
      return JSON.parse(String(json))
    }
    need(')')
    if (name === 'always') return true
    if (name === 'cancelled') return false
    if (name === 'success') return !state.failed
    throw unknown()
  }

  function name(first: string): unknown {
    let value: unknown = contexts[first]
    let path = first
    while (take('.')) {
      const key = tokens.shift() as string
      path = `${path}.${key}`
      value = (value as Record<string, unknown> | undefined)?.[key]
    }
    if (value === undefined) throw new Error(`${path} is nothing that the rehearsal knows: ${text}`)
    return value
  }

  function single(): unknown {
    const token = tokens.shift()
    if (token === undefined) throw unknown()
    if (token === '!') return !isTrue(single())
    if (token === '(') {
      const value = either()
      need(')')
      return value
    }
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'")
    if (/^\d/.test(token)) return Number(token)
    if (token === 'true' || token === 'false') return token === 'true'
    if (!/^[A-Za-z_]/.test(token)) throw unknown()
    return take('(') ? call(token) : name(token)
  }

  function comparison(): unknown {
    const left = single()
    if (take('==')) return left === single()
    if (take('!=')) return left !== single()
    return left
  }

  function both(): unknown {
    let value = comparison()
    while (take('&&')) {
      const next = comparison()
      value = isTrue(value) ? next : value
    }
    return value
  }

  function either(): unknown {
    let value = both()
    while (take('||')) {
      const next = both()
      value = isTrue(value) ? value : next
    }
    return value
  }

  const value = either()
  if (tokens.length > 0) throw unknown()
  return value
}

/** A value of a workflow with its `${{ … }}` filled in; one that is a single expression keeps its type. */
export function fillIn(value: unknown, contexts: Contexts, state: JobState): unknown {
  if (typeof value !== 'string') return value
  const [, only] = /^\$\{\{((?:(?!\}\}).)*)\}\}$/.exec(value.trim()) ?? []
  if (only !== undefined) return evaluate(only, contexts, state)
  return value.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) =>
    String(evaluate(expression, contexts, state)),
  )
}

/** Whether a step or job with that condition is due. Without a word on failures, it is due until one. */
export function isDue(condition: string | undefined, contexts: Contexts, state: JobState): boolean {
  if (condition === undefined) return !state.failed
  const [, inner = condition] = /^\$\{\{(.*)\}\}$/.exec(condition.trim()) ?? []
  const due = isTrue(evaluate(inner, contexts, state))
  return /\b(always|cancelled|success)\(\)/.test(inner) ? due : due && !state.failed
}
