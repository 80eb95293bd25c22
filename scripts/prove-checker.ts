import { createRequire } from 'node:module'
import { type AstNode } from './mutate-ast.ts'

/** The text of each source, by name. */
export type Sources = Readonly<Record<string, string>>

/** What solc's SMTChecker says of a contract, if what it was told of each target is true. */
export type Report = { said: Message[]; query: string; asked: string[] }

/** A sentence of solc's, with its place. */
export type Message = { severity: string; message: string; formattedMessage: string }

type Output = { errors?: Message[]; sources?: Record<string, { ast: AstNode }> }
type Solve = (query: string) => { contents: string }

const TARGETS = ['assert', 'underflow', 'overflow', 'divByZero', 'outOfBounds']
const CANNOT = 'sat' // Horn clauses that can be satisfied are a proof that it cannot go wrong
const CAN = 'unsat'

const { compile } = createRequire(import.meta.url)('solc') as {
  compile: (input: string, callbacks?: { smtSolver: Solve }) => string
}

/** The syntax tree of a source that imports nothing. */
export function treeOf({ name, text }: { name: string; text: string }): AstNode {
  const { sources, errors = [] } = ask({
    sources: { [name]: text },
    settings: { outputSelection: { '*': { '': ['ast'] } } },
  })
  const tree = sources?.[name]?.ast
  if (tree === undefined)
    throw new Error(`${name} does not compile: ${errors[0]?.formattedMessage ?? ''}`)
  return tree
}

/**
 * Has solc's CHC engine look at a contract, and tell it of each target that nothing goes wrong there, but for those in
 * `broken`. What solc then says is true only if that is: whoever asks must see to it.
 */
export function check({
  sources,
  contract,
  broken = new Set(),
}: {
  sources: Sources
  contract: { source: string; name: string }
  broken?: ReadonlySet<string>
}): Report {
  const asked: string[] = []
  let query = ''
  const smtSolver: Solve = (clauses) => {
    const target = /\(=> (error_target_\d+) false\)[^=]*$/.exec(clauses)?.[1]
    if (target === undefined) throw new Error('solc asked for nothing.')
    asked.push(target)
    query = clauses
    return { contents: broken.has(target) ? CAN : CANNOT }
  }
  const settings = {
    outputSelection: {},
    modelChecker: {
      engine: 'chc',
      contracts: { [contract.source]: [contract.name] },
      targets: TARGETS,
      solvers: ['smtlib2'],
      showProvedSafe: true,
      showUnproved: true,
      showUnsupported: true,
    },
  }
  const { errors = [] } = ask({ sources, settings, smtSolver })
  const failure = errors.find(({ severity }) => severity === 'error')
  if (failure !== undefined) throw new Error(failure.formattedMessage)
  return { said: errors, query, asked }
}

function ask({
  sources,
  settings,
  smtSolver,
}: {
  sources: Sources
  settings: object
  smtSolver?: Solve
}): Output {
  const contents = Object.entries(sources).map(([name, content]) => [name, { content }] as const)
  const input = { language: 'Solidity', sources: Object.fromEntries(contents), settings }
  const callbacks = smtSolver && { smtSolver }
  return JSON.parse(compile(JSON.stringify(input), callbacks)) as Output
}
