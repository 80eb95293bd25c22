import { type AstNode, childrenOf, nodeAt, nodesAt, spanOf, wordAt } from './mutate-ast.ts'
import { addBoth, addLine, addPoint, type Desk, insert, PROBES_AT_ONCE } from './coverage-points.ts'

// In a pure function assembly may call nobody. So it notes in a variable where it has been, one bit for each probe, and the
// variable is told after it.

type Board = { desk: Desk; name: string; first: number; used: number }

// What ends the call: nobody would tell the variable then.
const LAST_WORDS = new Set(['revert', 'return', 'stop', 'invalid', 'selfdestruct'])
const BRANCHES = /^Yul(If|Switch|ForLoop)$/

/** Fits a block of assembly with probes. */
export function probeAssembly({ desk, node }: { desk: Desk; node: AstNode }): void {
  const block = nodeAt(node, 'AST')
  if (block === undefined) throw new Error(`solc gave no syntax tree for assembly in ${desk.file}.`)
  const { start, end } = spanOf(node)
  const all = nodesBelow(block)
  if (all.some(({ nodeType }) => nodeType === 'YulFunctionDefinition')) {
    throw new Error(`${desk.file}: functions inside assembly cannot be watched.`)
  }
  const first = desk.number(PROBES_AT_ONCE)
  if (all.some((one) => isLastWord(one))) {
    // Runs from the first line to the last; it is told beforehand.
    if (all.some(({ nodeType }) => BRANCHES.test(nodeType))) {
      throw new Error(`${desk.file}: assembly that branches and ends the call cannot be watched.`)
    }
    insert({ desk, at: start, text: `Probes.hit(${first}); ` })
    for (const statement of nodesAt(block, 'statements')) {
      addLine({ desk, at: spanOf(statement).start, probe: first })
    }
    return
  }
  const board: Board = { desk, name: `probes_${first}`, first, used: 0 }
  insert({ desk, at: start, text: `uint256 ${board.name}; ` })
  probeBlock({ board, block })
  insert({ desk, at: end, text: ` Probes.hits(${first}, ${board.name});` })
}

function probeBlock({ board, block }: { board: Board; block: AstNode }): void {
  for (const statement of nodesAt(block, 'statements')) {
    const { start } = spanOf(statement)
    if (statement.nodeType !== 'YulBlock') {
      const bit = take({ board, count: 1 })
      insert({ desk: board.desk, at: start, text: `${note({ board, bit })} ` })
      addLine({ desk: board.desk, at: start, probe: board.first + bit })
    }
    probeStatement({ board, node: statement })
  }
}

function probeStatement({ board, node }: { board: Board; node: AstNode }): void {
  switch (node.nodeType) {
    case 'YulBlock':
      return probeBlock({ board, block: node })
    case 'YulIf':
      return probeIf({ board, node })
    case 'YulForLoop':
      return probeLoop({ board, node })
    case 'YulSwitch':
      return probeSwitch({ board, node })
    default:
      return // whatever else there is holds no statement
  }
}

function probeIf({ board, node }: { board: Board; node: AstNode }): void {
  const { desk } = board
  const condition = partOf({ node, name: 'condition' })
  const body = partOf({ node, name: 'body' })
  const { held, text } = decide({ board, condition, outcomes: ['never false', 'never true'] })
  desk.edits.push({
    start: spanOf(node).start,
    end: spanOf(body).start,
    text: `{ ${text} if ${held} `,
  })
  probeBlock({ board, block: body })
  insert({ desk, at: spanOf(node).end, text: ' }' })
}

/** The condition moves into the body, where what came of it can be noted. */
function probeLoop({ board, node }: { board: Board; node: AstNode }): void {
  const { desk } = board
  const condition = partOf({ node, name: 'condition' })
  const body = partOf({ node, name: 'body' })
  const outcomes = ['never ended by', 'never entered by'] as const
  const { held, text } = decide({ board, condition, outcomes })
  probeBlock({ board, block: partOf({ node, name: 'pre' }) })
  desk.edits.push({ ...spanOf(condition), text: '1' })
  probeBlock({ board, block: partOf({ node, name: 'post' }) })
  const at = spanOf(body).start + 1
  insert({ desk, at, text: ` ${text} if iszero(${held}) { break } ` })
  probeBlock({ board, block: body })
}

function probeSwitch({ board, node }: { board: Board; node: AstNode }): void {
  const { desk } = board
  const cases = nodesAt(node, 'cases')
  const outcome = (at: number, which: string) => {
    const bit = take({ board, count: 1 })
    const probe = board.first + bit
    const isIn = (probes: ReadonlySet<number>) => probes.has(probe)
    addPoint({ desk, at, kind: 'branch', outcome: `never ${which}`, isIn })
    return note({ board, bit })
  }
  for (const one of cases) {
    const body = partOf({ node: one, name: 'body' })
    const { start } = spanOf(one)
    const which = desk.read({ start, end: spanOf(body).start }).trim()
    insert({ desk, at: spanOf(body).start + 1, text: ` ${outcome(start, which)} ` })
    probeBlock({ board, block: body })
  }
  if (cases.some(({ value }) => value === 'default')) return
  const { start, end } = spanOf(node)
  insert({ desk, at: end, text: ` default { ${outcome(start, 'default')} }` })
}

/** Keeps the condition's value in a variable, and notes it. */
function decide({
  board,
  condition,
  outcomes,
}: {
  board: Board
  condition: AstNode
  outcomes: readonly [string, string]
}): { held: string; text: string } {
  const { desk, first, name } = board
  const bit = take({ board, count: 2 })
  addBoth({ desk, condition: spanOf(condition), probe: first + bit, outcomes })
  const held = `held_${first + bit}`
  const value = `let ${held} := iszero(iszero(${desk.read(spanOf(condition))}))`
  return { held, text: `${value} ${name} := or(${name}, shl(${held}, ${wordOf(bit)}))` }
}

function note({ board: { name }, bit }: { board: Board; bit: number }): string {
  return `${name} := or(${name}, ${wordOf(bit)})`
}

function wordOf(bit: number): string {
  return `0x${(1n << BigInt(bit)).toString(16)}`
}

function take({ board, count }: { board: Board; count: number }): number {
  const bit = board.used
  board.used += count
  if (board.used <= PROBES_AT_ONCE) return bit
  throw new Error(`${board.desk.file}: a block of assembly is too long to be watched.`)
}

function partOf({ node, name }: { node: AstNode; name: string }): AstNode {
  const part = nodeAt(node, name)
  if (part === undefined) throw new Error(`solc gave a ${node.nodeType} without ${name}.`)
  return part
}

function isLastWord(node: AstNode): boolean {
  const named = node.nodeType === 'YulFunctionCall' ? nodeAt(node, 'functionName') : undefined
  return named !== undefined && LAST_WORDS.has(wordAt(named, 'name'))
}

function nodesBelow(node: AstNode): AstNode[] {
  return [node, ...childrenOf(node).flatMap(nodesBelow)]
}
