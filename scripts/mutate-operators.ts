import { type AstNode, nodeAt, nodesAt, spanOf, typeOf, wordAt } from './mutate-ast.ts'
import { constantEditsOf } from './mutate-constants.ts'
import { type Edit, forced, type Place, swaps } from './mutate-edits.ts'

const BOUNDARIES = { '<': '<=', '<=': '<', '>': '>=', '>=': '>', '==': '!=', '!=': '==' }
const ARITHMETIC = {
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '**': '*',
  '<<': '>>',
  '>>': '<<',
  '&': '|',
  '|': '&',
  '^': '&',
}

/** What can go wrong at this node, and at none below it. */
export function editsOf(place: Place): Edit[] {
  const { node, read } = place
  switch (node.nodeType) {
    case 'IfStatement':
    case 'Conditional':
      return forced({ node: nodeAt(node, 'condition'), to: ['true', 'false'] })
    case 'ForStatement':
    case 'WhileStatement': // never to `true`: that costs a block's gas to find out what `false` shows as well
      return forced({ node: nodeAt(node, 'condition'), to: ['false'] })
    case 'VariableDeclarationStatement':
      return [
        ...bools([nodeAt(node, 'initialValue')]),
        ...swapsIn(nodeAt(node, 'initialValue'), read),
      ]
    case 'Assignment':
      return [...assignments(place), ...swapsIn(nodeAt(node, 'rightHandSide'), read)]
    case 'Return':
      return returns(place)
    case 'BinaryOperation':
      return binaries(place)
    case 'UnaryOperation':
      return unaries(place)
    case 'FunctionCall':
      if (wordAt(node, 'kind') === 'typeConversion') return []
      return [
        ...bools(nodesAt(node, 'arguments')),
        ...swaps({ nodes: nodesAt(node, 'arguments'), read }),
      ]
    case 'ModifierInvocation':
      if (wordAt(node, 'kind') !== 'modifierInvocation') return [] // a base's constructor
      return [{ ...spanOf(node), operator: 'modifier removed', text: '' }]
    case 'ExpressionStatement':
    case 'EmitStatement':
    case 'RevertStatement':
    case 'Break':
    case 'Continue':
      return removals(place)
    default:
      return constantEditsOf(place)
  }
}

function bools(nodes: readonly (AstNode | undefined)[]): Edit[] {
  return nodes.flatMap((node) =>
    node !== undefined && typeOf(node) === 'bool' ? forced({ node, to: ['true', 'false'] }) : [],
  )
}

function binaries(place: Place): Edit[] {
  const operator = wordAt(place.node, 'operator')
  const operands = [nodeAt(place.node, 'leftExpression'), nodeAt(place.node, 'rightExpression')]
  if (operator === '&&' || operator === '||') {
    // The other way round is the whole condition forced, which its own place does; and in a chain, each link is
    // tried alone.
    const to = [operator === '&&' ? 'true' : 'false']
    return operands
      .filter((node) => node !== undefined && wordAt(node, 'operator') !== operator)
      .flatMap((node) => forced({ node, to }))
  }
  const [from, to] = operands
  return [
    ...operatorSwaps({ place, from, to, table: BOUNDARIES, name: 'boundary moved' }),
    ...operatorSwaps({ place, from, to, table: ARITHMETIC, name: 'arithmetic swapped' }),
  ]
}

function assignments(place: Place): Edit[] {
  const [from, to] = [nodeAt(place.node, 'leftHandSide'), nodeAt(place.node, 'rightHandSide')]
  if (wordAt(place.node, 'operator') === '=') return bools([to])
  const compound = Object.entries(ARITHMETIC).map(([before, after]) => [`${before}=`, `${after}=`])
  const plain = compound.map(([before = '']) => [before, '='])
  return [compound, plain].flatMap((pairs) =>
    operatorSwaps({
      place,
      from,
      to,
      table: Object.fromEntries(pairs) as Record<string, string>,
      name: 'assignment swapped',
    }),
  )
}

/** Finds the operator's sign between its operands, and puts another there. */
function operatorSwaps({
  place: { node, read },
  from,
  to,
  table,
  name,
}: {
  place: Place
  from: AstNode | undefined
  to: AstNode | undefined
  table: Readonly<Record<string, string>>
  name: string
}): Edit[] {
  const sign = wordAt(node, 'operator')
  const text = table[sign]
  if (from === undefined || to === undefined || text === undefined) return []
  const gap = { start: spanOf(from).end, end: spanOf(to).start }
  const start = gap.start + read(gap).indexOf(sign)
  return [{ start, end: start + sign.length, operator: name, text }]
}

function unaries({ node, read }: Place): Edit[] {
  const operand = nodeAt(node, 'subExpression')
  const sign = wordAt(node, 'operator')
  if (operand === undefined) return []
  const inner = read(spanOf(operand))
  const span = spanOf(node)
  if (['!', '~', '-'].includes(sign)) return [{ ...span, operator: 'sign dropped', text: inner }]
  if (sign !== '++' && sign !== '--') return []
  const other = sign === '++' ? '--' : '++'
  const text = node.prefix === true ? `${other}${inner}` : `${inner}${other}`
  return [{ ...span, operator: 'step reversed', text }]
}

function returns({ node, read }: Place): Edit[] {
  const value = nodeAt(node, 'expression')
  if (value === undefined) return []
  const type = typeOf(value)
  const nothing = /^u?int\d+$/.test(type)
    ? '0'
    : /^(address|bytes\d+)$/.test(type)
      ? `${type}(0)`
      : ''
  return [
    ...bools([value]),
    ...swapsIn(value, read),
    ...(nothing === '' || value.nodeType === 'Literal'
      ? []
      : [{ ...spanOf(value), operator: 'nothing returned', text: nothing }]),
  ]
}

function swapsIn(node: AstNode | undefined, read: Place['read']): Edit[] {
  if (node?.nodeType !== 'TupleExpression') return []
  return swaps({ nodes: nodesAt(node, 'components'), read })
}

/** A statement goes away, unless that is what its `if` forced to `false` does already. */
function removals({ node, around: [parent, grandparent], read }: Place): Edit[] {
  if (parent?.nodeType === 'ForStatement') return [] // a loop's step; without it the loop never ends
  const isAlone = parent?.nodeType === 'Block' && nodesAt(parent, 'statements').length === 1
  const around = isAlone ? grandparent : parent
  if (around?.nodeType === 'IfStatement' && nodeAt(around, 'falseBody') === undefined) return []
  const { start, end } = spanOf(node)
  const semicolon = /^\s*;/.exec(read({ start: end, end: end + 16 }))?.[0] ?? ''
  return [{ start, end: end + semicolon.length, operator: 'statement removed', text: '{}' }]
}
