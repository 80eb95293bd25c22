import {
  type AstNode,
  childrenOf,
  nodeAt,
  nodesAt,
  type Span,
  spanOf,
  typeOf,
  wordAt,
} from './mutate-ast.ts'

/** A source as the prover reads it, and the function of it that is read as a lemma instead. */
export type Rewritten = { text: string; counting: AstNode }

const FUNCTIONS: Readonly<Record<string, string>> = {
  '&': 'and_',
  '|': 'or_',
  '^': 'xor_',
  '<<': 'shl_',
  '>>': 'shr_',
  '~': 'not_',
}
const COUNTING = '_onesIn'
const IMPORT = 'import {Words} from "test/proof/Words.sol";'

/**
 * Rewrites the ledger so that solc's SMTChecker can read it, by rule and knowing nothing of what it says. Operators on bits
 * become the functions of test/proof/Words.sol. A storage pointer becomes what it points to, since the checker
 * forgets all it knew where one is written through. A loop becomes any one of its turns, for Hoare's rule. The function that
 * counts bits gives way to its lemma. A revert says nothing. All else stays to the letter.
 */
export function rewriteLedger({ text, tree }: { text: string; tree: AstNode }): Rewritten {
  const bytes = Buffer.from(text)
  const read = ({ start, end }: Span) => bytes.subarray(start, end).toString()
  const targets = storagePointersIn(tree)
  let within: AstNode | undefined
  let counting: AstNode | undefined

  const write = (node: AstNode): string => {
    const operator = wordAt(node, 'operator')
    const part = (name: string) => write(child(node, name))
    switch (node.nodeType) {
      case 'FunctionDefinition':
        within = node
        if (wordAt(node, 'name') !== COUNTING) return verbatim(node)
        counting = node
        return ''
      case 'Identifier': {
        const target = targets.get(node.referencedDeclaration)
        return target === undefined ? verbatim(node) : write(target)
      }
      case 'BinaryOperation':
        if (!(operator in FUNCTIONS) || typeOf(node).startsWith('int_const')) return verbatim(node)
        return `${wordFunction(node)}(${part('leftExpression')}, ${part('rightExpression')})`
      case 'UnaryOperation':
        return operator in FUNCTIONS
          ? `${wordFunction(node)}(${part('subExpression')})`
          : verbatim(node)
      case 'Assignment': {
        const short = operator.slice(0, -1)
        if (!(short in FUNCTIONS)) return verbatim(node)
        const left = part('leftHandSide')
        return `${left} = ${wordFunction(node, short)}(${left}, ${part('rightHandSide')})`
      }
      case 'ForStatement':
        if (within === undefined) throw new Error('A loop stands in no function.')
        return anyTurn({ loop: node, within, part })
      case 'RevertStatement':
        return 'revert()' // with what words is nothing to the ledger, and nothing that solc's checker knows
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'InlineAssembly':
        throw new Error(`The prover has no rule for a ${node.nodeType}.`)
      default:
        return verbatim(node)
    }
  }
  /** The node's own words around its children's. */
  const verbatim = (node: AstNode): string => {
    let { start: at } = spanOf(node)
    let written = ''
    for (const inner of childrenOf(node)) {
      const { start, end } = spanOf(inner)
      if (inner.nodeType === 'StructuredDocumentation' || start === end) continue // outside, or nothing
      written += read({ start: at, end: start }) + write(inner)
      at = end
    }
    return written + read({ start: at, end: spanOf(node).end })
  }

  const rewritten = (read({ start: 0, end: spanOf(tree).start }) + verbatim(tree))
    .replace(/^pragma [^;]+;$/m, `$&\n${IMPORT}`)
    .replace(/^abstract contract CouponLedger /m, '$&is Words ')
  if (counting === undefined) throw new Error(`The ledger has no ${COUNTING}.`)
  return { text: rewritten, counting }
}

/** The function that stands for an operator; it knows words of 256 bits and no others. */
function wordFunction(node: AstNode, operator = wordAt(node, 'operator')): string {
  const found = FUNCTIONS[operator]
  if (found === undefined || typeOf(node) !== 'uint256') {
    throw new Error(`The prover does not know ${operator} for ${typeOf(node)}.`)
  }
  return found
}

/** What each local storage pointer stands for, by its declaration. It must not change what it stands for meanwhile. */
function storagePointersIn(tree: AstNode): Map<unknown, AstNode> {
  const changed = changedIn(tree)
  const targets = new Map<unknown, AstNode>()
  for (const node of allIn(tree)) {
    if (node.nodeType !== 'VariableDeclarationStatement') continue
    const [declared] = nodesAt(node, 'declarations')
    if (declared === undefined || wordAt(declared, 'storageLocation') !== 'storage') continue
    const target = child(node, 'initialValue')
    const hasChanged = allIn(target).some((inner) => changed.has(inner.referencedDeclaration))
    if (target.nodeType !== 'IndexAccess' || hasChanged || changed.has(declared.id)) {
      throw new Error(`The prover cannot follow the pointer ${wordAt(declared, 'name')}.`)
    }
    targets.set(declared.id, target)
  }
  return targets
}

/**
 * Hoare's rule. `_turnOf…` says what holds at the beginning of each turn, of the function's parameters and of what the loop
 * changes: it must hold before the first, and from any turn to the next; what follows knows that it holds, and that the
 * loop is over.
 */
function anyTurn({
  loop,
  within,
  part,
}: {
  loop: AstNode
  within: AstNode
  part: (name: string) => string
}): string {
  const own = new Set(allIn(child(loop, 'body')).map(({ id }) => id))
  const changed = [...changedIn(loop)].flatMap(([id, name]) => (own.has(id) ? [] : [name])).sort()
  const parameters = nodesAt(child(within, 'parameters'), 'parameters')
  const known = [...parameters.map((parameter) => wordAt(parameter, 'name')), ...changed]
  const holds = `_turnOf${wordAt(within, 'name')}(${known.join(', ')})`
  return [
    `{ ${part('initializationExpression')}; assert(${holds});`,
    ...changed.map((name, index) => `${name} = _anything(${index});`),
    `require(${holds});`,
    `if (${part('condition')}) {`,
    `${part('body')} ${part('loopExpression')}; assert(${holds}); require(false); } }`,
  ].join('\n')
}

/** The names of the local variables that are changed below a node, by their declarations. */
function changedIn(node: AstNode): Map<unknown, string> {
  const changed = allIn(node).flatMap((inner) => {
    const isStep = ['++', '--', 'delete'].includes(wordAt(inner, 'operator'))
    const target = inner.nodeType === 'Assignment' ? child(inner, 'leftHandSide') : undefined
    const changes = isStep ? child(inner, 'subExpression') : target
    return changes?.nodeType === 'Identifier' ? [changes] : []
  })
  return new Map(changed.map((name) => [name.referencedDeclaration, wordAt(name, 'name')] as const))
}

function allIn(node: AstNode): AstNode[] {
  return [node, ...childrenOf(node).flatMap(allIn)]
}

function child(node: AstNode, name: string): AstNode {
  const found = nodeAt(node, name)
  if (found === undefined) throw new Error(`A ${node.nodeType} without ${name}.`)
  return found
}
