import { type AstNode, isInteger, type Span, spanOf, typeOf } from './mutate-ast.ts'

/** One small wrong: this stretch of the source becomes that text. */
export type Edit = Span & { operator: string; text: string }

/** A node with what its mutations depend on besides itself. */
export type Place = {
  node: AstNode
  /** The nodes around it, the nearest first. */
  around: readonly AstNode[]
  read: (span: Span) => string
  /** The members of each enum, by the enum's type. */
  enums: ReadonlyMap<string, readonly string[]>
}

const NUMBER = /^(0x[\da-f]+|\d[\d_]*)$/i

/** The same stretch of source with the values of each kind swapped with their neighbours of that kind. */
export function swaps({
  nodes,
  read,
  kindOf = kindOfValue,
}: {
  nodes: readonly AstNode[]
  read: Place['read']
  kindOf?: (node: AstNode) => string
}): Edit[] {
  return nodes.flatMap((first, index) => {
    const second = nodes.slice(index + 1).find((other) => kindOf(other) === kindOf(first))
    if (second === undefined || kindOf(first) === '') return []
    const [a, b] = [spanOf(first), spanOf(second)]
    if (read(a) === read(b)) return []
    const text = read(b) + read({ start: a.end, end: b.start }) + read(a)
    return [{ start: a.start, end: b.end, operator: 'arguments swapped', text }]
  })
}

/** A number one higher, one lower, and nought; in hex where it was in hex. */
export function nudges({ text, isZeroed }: { text: string; isZeroed: boolean }): string[] {
  if (!NUMBER.test(text)) return []
  const value = BigInt(text.replaceAll('_', ''))
  const near = [
    value + 1n,
    ...(value > 0n ? [value - 1n] : []),
    ...(isZeroed && value > 1n ? [0n] : []),
  ]
  return near.map((number) => (text.startsWith('0x') ? `0x${number.toString(16)}` : `${number}`))
}

/** The condition replaced by these words, unless it is a word already. */
export function forced({ node, to }: { node: AstNode | undefined; to: readonly string[] }): Edit[] {
  if (node === undefined || node.nodeType === 'Literal') return []
  return to.map((text) => ({ ...spanOf(node), operator: 'condition forced', text }))
}

function kindOfValue(node: AstNode): string {
  const type = typeOf(node)
  if (isInteger(node)) return 'integer'
  return type.startsWith('type(')
    ? ''
    : type.replace(/ (memory|calldata|storage ref|storage pointer)\b/, '')
}
