import { type AstNode, isInteger, nodeAt, spanOf, typeOf, wordAt } from './mutate-ast.ts'
import { type Edit, nudges, type Place } from './mutate-edits.ts'

/** What can go wrong with a named number, a literal, an enum's member or a type's limit. */
export function constantEditsOf(place: Place): Edit[] {
  if (place.around.some(isIntegerConstant)) return [] // it is tried as a whole
  switch (place.node.nodeType) {
    case 'VariableDeclaration':
      return constants(place)
    case 'Literal':
      return literals(place)
    case 'MemberAccess':
      return members(place)
    default:
      return []
  }
}

function isIntegerConstant(node: AstNode): boolean {
  return node.nodeType === 'VariableDeclaration' && node.constant === true && isInteger(node)
}

/** A named number as a whole, so that `10 minutes` is tried a second off, not a minute. */
function constants({ node, read }: Place): Edit[] {
  const value = nodeAt(node, 'value')
  if (value === undefined || !isIntegerConstant(node)) return []
  const text = read(spanOf(value))
  const plain = nudges({ text, isZeroed: true })
  const others = plain.length > 0 ? plain : [`(${text}) + 1`, `(${text}) - 1`, '0']
  return others.map((other) => ({ ...spanOf(value), operator: 'constant changed', text: other }))
}

function literals({ node, read }: Place): Edit[] {
  const text = read(spanOf(node))
  return alternativesTo({ text, kind: wordAt(node, 'kind') }).map((other) => ({
    ...spanOf(node),
    operator: 'constant changed',
    text: other,
  }))
}

function alternativesTo({ text, kind }: { text: string; kind: string }): string[] {
  if (kind === 'bool') return [text === 'true' ? 'false' : 'true']
  if (kind === 'string') return text === '""' ? [] : ['""']
  if (kind !== 'number') return []
  return / /.test(text) ? [`(${text} + 1)`, `(${text} - 1)`, '0'] : nudges({ text, isZeroed: true })
}

function members({ node, read, enums }: Place): Edit[] {
  const owner = nodeAt(node, 'expression')
  if (owner === undefined) return []
  const name = wordAt(node, 'memberName')
  const edit = (text: string) => ({ ...spanOf(node), operator: 'constant changed', text })
  const names = typeOf(owner) === `type(${typeOf(node)})` ? enums.get(typeOf(node)) : undefined
  if (names !== undefined) {
    const next = names[(names.indexOf(name) + 1) % names.length]
    return next === undefined || next === name ? [] : [edit(`${read(spanOf(owner))}.${next}`)]
  }
  const asked = nodeAt(owner, 'expression')
  const isLimit = asked?.nodeType === 'Identifier' && wordAt(asked, 'name') === 'type'
  if (!isLimit || (name !== 'max' && name !== 'min')) return []
  const text = read(spanOf(node))
  return name === 'max'
    ? [edit(`${read(spanOf(owner))}.min`), edit(`(${text} - 1)`)]
    : [edit(`${read(spanOf(owner))}.max`), edit(`(${text} + 1)`)]
}
