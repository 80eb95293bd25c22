// The little that is asked of solc's syntax trees, Solidity's and Yul's alike.

/** A node of solc's tree; what else it holds depends on its kind and is asked for by name. */
export type AstNode = { nodeType: string; src: string } & Record<string, unknown>

/** A stretch of a source, in bytes, as solc counts. */
export type Span = { start: number; end: number }

/** Whether this is a node, for what solc's JSON holds may be anything. */
export function isNode(value: unknown): value is AstNode {
  return (
    typeof value === 'object' &&
    value !== null &&
    'nodeType' in value &&
    typeof value.nodeType === 'string' &&
    'src' in value &&
    typeof value.src === 'string'
  )
}

/** The node under this name, if there is one. */
export function nodeAt(node: AstNode, name: string): AstNode | undefined {
  const value = node[name]
  return isNode(value) ? value : undefined
}

/** The nodes under this name; gaps, as in `(a, , b)`, are left out. */
export function nodesAt(node: AstNode, name: string): AstNode[] {
  const value = node[name]
  return Array.isArray(value) ? value.filter(isNode) : []
}

/** The word under this name, or none. */
export function wordAt(node: AstNode, name: string): string {
  const value = node[name]
  return typeof value === 'string' ? value : ''
}

/** The type that solc found for an expression, as Solidity writes it. */
export function typeOf(node: AstNode): string {
  const described = node.typeDescriptions
  if (typeof described !== 'object' || described === null) return ''
  return 'typeString' in described && typeof described.typeString === 'string'
    ? described.typeString
    : ''
}

/** Whether the expression is a number that fits wherever another such number fits, but for its width. */
export function isInteger(node: AstNode): boolean {
  return /^(u?int\d+|int_const .*)$/.test(typeOf(node))
}

/** All nodes right below this one, in the order of the source. */
export function childrenOf(node: AstNode): AstNode[] {
  return Object.values(node)
    .flatMap((value: unknown): unknown[] => (Array.isArray(value) ? value : [value]))
    .filter(isNode)
    .sort((a, b) => spanOf(a).start - spanOf(b).start)
}

/** Where the node stands. */
export function spanOf(node: AstNode): Span {
  const [start = 0, length = 0] = node.src.split(':').map(Number)
  return { start, end: start + length }
}
