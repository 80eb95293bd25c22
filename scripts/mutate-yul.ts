import { nodeAt, nodesAt, spanOf, wordAt } from './mutate-ast.ts'
import { type Edit, forced, nudges, type Place, swaps } from './mutate-edits.ts'

const SWAPPED: Readonly<Record<string, string>> = {
  add: 'sub',
  sub: 'add',
  mul: 'div',
  div: 'mul',
  mod: 'mul',
  shl: 'shr',
  shr: 'shl',
  sar: 'shl',
  lt: 'gt',
  gt: 'lt',
  slt: 'sgt',
  sgt: 'slt',
  eq: 'lt',
  and: 'or',
  or: 'and',
  xor: 'and',
}
const UNARY = ['iszero', 'not']
// Swapped arguments of these say what `SWAPPED` says, or nothing.
const SYMMETRIC = ['add', 'mul', 'and', 'or', 'xor', 'eq', 'lt', 'gt', 'slt', 'sgt']

/** What can go wrong at this node of an assembly block, and at none below it. */
export function yulEditsOf(place: Place): Edit[] {
  const { node, read } = place
  switch (node.nodeType) {
    case 'YulIf':
      return forced({ node: nodeAt(node, 'condition'), to: ['1', '0'] })
    case 'YulForLoop':
      return forced({ node: nodeAt(node, 'condition'), to: ['0'] })
    case 'YulLiteral':
      return nudges({ text: read(spanOf(node)), isZeroed: false }).map((text) => ({
        ...spanOf(node),
        operator: 'constant changed',
        text,
      }))
    case 'YulFunctionCall':
      return calls(place)
    case 'YulAssignment':
    case 'YulExpressionStatement':
    case 'YulBreak':
    case 'YulContinue':
    case 'YulLeave':
      return removals(place)
    default:
      return []
  }
}

function calls({ node, read }: Place): Edit[] {
  const named = nodeAt(node, 'functionName')
  if (named === undefined) return []
  const name = wordAt(named, 'name')
  const given = nodesAt(node, 'arguments')
  const other = SWAPPED[name]
  const [first] = given
  const edits: Edit[] = []
  if (other !== undefined)
    edits.push({ ...spanOf(named), operator: 'arithmetic swapped', text: other })
  if (UNARY.includes(name) && first !== undefined) {
    edits.push({ ...spanOf(node), operator: 'sign dropped', text: read(spanOf(first)) })
  }
  if (given.length === 2 && !SYMMETRIC.includes(name)) {
    edits.push(...swaps({ nodes: given, read, kindOf: () => 'word' }))
  }
  return edits
}

function removals({ node, around }: Place): Edit[] {
  const [block, owner] = around
  const isAlone = block !== undefined && nodesAt(block, 'statements').length === 1
  if (isAlone && owner?.nodeType === 'YulIf') return [] // as its condition forced to 0
  if (owner?.nodeType === 'YulForLoop' && nodeAt(owner, 'body') !== block) return [] // it would never end
  return [{ ...spanOf(node), operator: 'statement removed', text: '' }]
}
