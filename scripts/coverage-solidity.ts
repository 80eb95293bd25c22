import { type AstNode, childrenOf, nodeAt, nodesAt, spanOf, wordAt } from './mutate-ast.ts'
import { addBoth, addLine, addPoint, type Desk, insert } from './coverage-points.ts'
import { probeAssembly } from './coverage-yul.ts'

type Place = { desk: Desk; node: AstNode }

const LOGICAL = ['&&', '||']

/** Fits a function, or a modifier, with probes; `passed` is the modifier that tells that one came so far. */
export function probeFunction({ desk, node, passed }: Place & { passed: string }): void {
  const body = nodeAt(node, 'body')
  if (body === undefined) return
  const gates = nodesAt(node, 'modifiers').filter(({ kind }) => kind === 'modifierInvocation')
  const probe = desk.number(gates.length + 1)
  for (const [i, gate] of gates.entries()) {
    const { start } = spanOf(gate)
    insert({ desk, at: start, text: `${passed}(${probe + i}) ` })
    addGate({ desk, node: gate, probe: probe + i })
    look({ desk, node: gate })
  }
  const at = spanOf(body).start + 1
  if (gates.length > 0) insert({ desk, at, text: ` Probes.hit(${probe + gates.length});` })
  look({ desk, node: body })
}

/** A modifier is to let somebody pass, and to keep somebody out: then a call comes up to it and no further. */
function addGate({ desk, node, probe }: Place & { probe: number }): void {
  const { start } = spanOf(node)
  const said = desk.read(spanOf(node))
  const has = (probes: ReadonlySet<number>, which: number) => probes.has(which)
  for (const [outcome, isIn] of [
    ['never passed', (probes: ReadonlySet<number>) => has(probes, probe + 1)],
    [
      'never refused',
      (probes: ReadonlySet<number>) => has(probes, probe) && !has(probes, probe + 1),
    ],
  ] as const) {
    addPoint({ desk, at: start, kind: 'branch', outcome: `${outcome}: ${said}`, isIn })
  }
}

function look({ desk, node }: Place): void {
  switch (node.nodeType) {
    case 'Block':
    case 'UncheckedBlock':
      for (const statement of nodesAt(node, 'statements')) probeStatement({ desk, node: statement })
      return
    case 'IfStatement':
      decide({ desk, node, name: 'condition' })
      probeBody({ desk, node, name: 'trueBody' })
      return probeBody({ desk, node, name: 'falseBody' })
    case 'ForStatement':
      for (const name of ['initializationExpression', 'loopExpression'])
        lookAt({ desk, node, name })
      decide({ desk, node, name: 'condition', isLoop: true })
      return probeBody({ desk, node, name: 'body' })
    case 'WhileStatement':
    case 'DoWhileStatement':
      decide({ desk, node, name: 'condition', isLoop: true })
      return probeBody({ desk, node, name: 'body' })
    case 'Conditional':
      decide({ desk, node, name: 'condition' })
      for (const name of ['trueExpression', 'falseExpression']) lookAt({ desk, node, name })
      return
    case 'BinaryOperation':
      for (const name of ['leftExpression', 'rightExpression']) probeOperand({ desk, node, name })
      return
    case 'FunctionCall':
      return probeCall({ desk, node })
    case 'TryStatement':
      throw new Error(`${desk.file}: try and catch cannot be watched yet.`)
    default:
      for (const child of childrenOf(node)) look({ desk, node: child })
  }
}

function lookAt({ desk, node, name }: Place & { name: string }): void {
  const part = nodeAt(node, name)
  if (part !== undefined) look({ desk, node: part })
}

function probeStatement({ desk, node }: Place): void {
  if (node.nodeType === 'Block' || node.nodeType === 'UncheckedBlock') return look({ desk, node })
  const { start } = spanOf(node)
  const probe = desk.number(1)
  insert({ desk, at: start, text: `Probes.hit(${probe}); ` })
  addLine({ desk, at: start, probe })
  if (node.nodeType === 'InlineAssembly') probeAssembly({ desk, node })
  else look({ desk, node })
}

/** What runs in a branch or a loop; without braces it gets some, since two statements stand there now. */
function probeBody({ desk, node, name }: Place & { name: string }): void {
  const body = nodeAt(node, name)
  if (body === undefined) return
  if (body.nodeType === 'Block') return look({ desk, node: body })
  insert({ desk, at: spanOf(body).start, text: '{ ' })
  probeStatement({ desk, node: body })
  insert({ desk, at: endOf({ desk, node: body }), text: ' }' })
}

/** solc counts a statement's semicolon to what is around it. */
function endOf({ desk, node }: Place): number {
  const { end } = spanOf(node)
  const [semicolon = ''] = /^\s*;/.exec(desk.read({ start: end, end: end + 100 })) ?? []
  return end + semicolon.length
}

/** A condition is to come out both ways. */
function decide({
  desk,
  node,
  name,
  isLoop = false,
}: Place & { name: string; isLoop?: boolean }): void {
  const condition = nodeAt(node, name)
  if (condition === undefined) return // `for (;;)`
  const { start, end } = spanOf(condition)
  const probe = desk.number(2)
  const outcomes = isLoop ? (['never ended by', 'never entered by'] as const) : undefined
  addBoth({ desk, condition: { start, end }, probe, outcomes })
  insert({ desk, at: start, text: 'Probes.either(' })
  look({ desk, node: condition })
  insert({ desk, at: end, text: `, ${probe})` })
}

/** So is each part of `a && b || c`, which makes each of them decide. */
function probeOperand({ desk, node, name }: Place & { name: string }): void {
  const operand = nodeAt(node, name)
  if (operand === undefined) return
  const isDeciding = LOGICAL.includes(wordAt(node, 'operator')) && !isLogical(operand)
  if (isDeciding) decide({ desk, node, name })
  else look({ desk, node: operand })
}

function isLogical(node: AstNode): boolean {
  if (node.nodeType === 'TupleExpression') return nodesAt(node, 'components').some(isLogical)
  return node.nodeType === 'BinaryOperation' && LOGICAL.includes(wordAt(node, 'operator'))
}

function probeCall({ desk, node }: Place): void {
  const called = nodeAt(node, 'expression')
  const isRequire = called?.nodeType === 'Identifier' && wordAt(called, 'name') === 'require'
  if (!isRequire) {
    for (const child of childrenOf(node)) look({ desk, node: child })
    return
  }
  const [condition, ...rest] = nodesAt(node, 'arguments')
  if (condition === undefined) return
  decide({ desk, node: { ...node, condition }, name: 'condition' })
  for (const one of rest) look({ desk, node: one })
}
