import { plainLine } from '../../../harness/text/shown.ts'
import { h, render, type VNode } from '../../bundled/markup.ts'

/** What can stand inside of an element; nothing is made of a null. */
export type Child = VNode | string | number | null | readonly Child[]

type Attributes = Readonly<Record<string, string | number | boolean | null>>

const inert = (child: Child): Child => {
  if (typeof child === 'string') return plainLine(child)
  return Array.isArray(child) ? child.map(inert) : child
}

/**
 * An element of HTML or SVG. Every text in it and every value of an attribute is made plain (one line, nothing
 * hidden) and escaped, wherever it came from.
 */
export function el(name: string, attributes: Attributes, ...children: Child[]): VNode {
  const plain = Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => [key, typeof value === 'string' ? plainLine(value) : value])
  return h(name, Object.fromEntries(plain), ...(children.map(inert) as VNode[]))
}

/** The text of an element. */
export const htmlOf = (element: VNode): string => render(element)
