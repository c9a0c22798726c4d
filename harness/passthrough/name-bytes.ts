/** Where bytes that are no UTF-8 stand in a text: each as a lone surrogate, as Python's `surrogateescape` does. */
const ESCAPED_FROM = 0xdc00
const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of a name or a path, which may be any bytes; `bytesOf` gives the same bytes back. */
export function textOf(bytes: Uint8Array): string {
  try {
    return STRICT.decode(bytes)
  } catch {
    const each = [...bytes].map((byte) => (byte < 0x80 ? byte : ESCAPED_FROM + byte))
    return String.fromCharCode(...each)
  }
}

/** The bytes of a text by `textOf`. */
export function bytesOf(text: string): Buffer {
  if (!/[\udc80-\udcff]/u.test(text)) return Buffer.from(text)
  const parts = [...text].map((character) => {
    const code = character.charCodeAt(0)
    const isEscaped = character.length === 1 && code >= 0xdc80 && code <= 0xdcff
    return isEscaped ? Buffer.of(code - ESCAPED_FROM) : Buffer.from(character)
  })
  return Buffer.concat(parts)
}
