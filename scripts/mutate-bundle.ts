import {
  type AstNode,
  childrenOf,
  nodeAt,
  nodesAt,
  type Span,
  spanOf,
  wordAt,
} from './mutate-ast.ts'
import type { Code, Fault, Project, Sources } from './mutate-compiler.ts'
import type { Edit } from './mutate-edits.ts'
import type { Mutant } from './mutate-mutants.ts'

// To compile takes ten times as long as to test. So dozens of mutants are compiled at once: each function stands there
// as it was and once for each of its mutants, and in its own place is a choice between them by one constant. Nobody
// optimises, so the constant stays in the code as a word that is easily found, and each mutant is woken by writing its
// number there.

/** Sources with many mutants asleep in them. */
export type Bundle = {
  sources: Sources
  sleepers: readonly { mutant: Mutant; number: number }[]
  /** What was written for whom, and where: for one mutant its copy, for all of a function the choice between them. */
  places: readonly (Span & { file: string; mutants: readonly Mutant[] })[]
}

/** The number that wakes none. */
export const ORIGINAL = 0

type Home = { span: Span; text: (numbers: ReadonlyMap<Mutant, number>) => Part[] }
type Part = { text: string; mutants: readonly Mutant[] }

const WORD = '9e3779b97f4a7c15' // eight bytes that no contract has by chance
const CONSTANT = 'MUTANT_TRIED'
const CAST = /^(u?int\d*|bytes\d+|address|bool)$/

/** Puts the mutants into the sources, each asleep; those for which `isBundled` says no have no place there. */
export function bundleOf({
  mutants,
  project,
  trees,
}: {
  mutants: readonly Mutant[]
  project: Project
  trees: Readonly<Record<string, AstNode>>
}): Bundle {
  const numbers = new Map(mutants.map((mutant, index) => [mutant, index + 1]))
  const sources: Record<string, string> = { ...project.sources }
  const places: Bundle['places'][number][] = []
  for (const file of new Set(mutants.map((mutant) => mutant.file))) {
    const source = Buffer.from(project.sources[file] ?? '')
    const parts: Part[] = []
    let copied = 0
    const here = mutants.filter((mutant) => mutant.file === file)
    for (const { span, text } of homesOf({ mutants: here, tree: trees[file], source })) {
      parts.push(plain(source.subarray(copied, span.start).toString()), ...text(numbers))
      copied = span.end
    }
    parts.push(plain(source.subarray(copied).toString()))
    parts.push(plain(`\nuint256 constant ${CONSTANT} = 0x${WORD};\n`))
    let start = 0
    for (const part of parts) {
      const end = start + Buffer.byteLength(part.text)
      if (part.mutants.length > 0) places.push({ file, start, end, mutants: part.mutants })
      start = end
    }
    sources[file] = parts.map(({ text }) => text).join('')
  }
  const sleepers = [...numbers].map(([mutant, number]) => ({ mutant, number }))
  return { sources, sleepers, places }
}

/** Whether the mutant is in a function or a constant of which there can be several. */
export function isBundled({
  mutant,
  trees,
  project,
}: {
  mutant: Mutant
  trees: Readonly<Record<string, AstNode>>
  project: Project
}): boolean {
  const source = Buffer.from(project.sources[mutant.file] ?? '')
  return homesOf({ mutants: [mutant], tree: trees[mutant.file], source }).length > 0
}

/** The mutants to which these faults belong. */
export function guiltyOf({
  bundle,
  faults,
}: {
  bundle: Bundle
  faults: readonly Fault[]
}): Set<Mutant> {
  const guilty = bundle.places.filter(({ file, start, end }) =>
    faults.some((fault) => fault.file === file && fault.start >= start && fault.start < end),
  )
  return new Set(guilty.flatMap(({ mutants }) => mutants))
}

/** The code in which that one mutant is awake. */
export function woken({
  codes,
  number,
}: {
  codes: Readonly<Record<string, Code>>
  number: number
}): Record<string, Code> {
  const wake = (code: string) =>
    code.replaceAll(WORD, number.toString(16).padStart(WORD.length, '0'))
  return Object.fromEntries(
    Object.entries(codes).map(([name, { bytecode, deployedBytecode }]) => [
      name,
      { bytecode: wake(bytecode), deployedBytecode: wake(deployedBytecode) },
    ]),
  )
}

/** The functions and constants that hold these mutants, in the order of the source. */
function homesOf({
  mutants,
  tree,
  source,
}: {
  mutants: readonly Mutant[]
  tree: AstNode | undefined
  source: Buffer
}): Home[] {
  const read = ({ start, end }: Span) => source.subarray(start, end).toString()
  const homes: Home[] = []
  const look = (node: AstNode) => {
    const inside = mutants.filter((mutant) => isWithin({ inner: mutant, outer: spanOf(node) }))
    if (inside.length === 0) return
    const home =
      node.nodeType === 'FunctionDefinition'
        ? functionHome({ node, mutants: inside, read })
        : node.nodeType === 'VariableDeclaration' && node.constant === true
          ? constantHome({ node, mutants: inside, read })
          : undefined
    if (home !== undefined) homes.push(home)
    else if (node.nodeType !== 'FunctionDefinition') childrenOf(node).forEach(look)
  }
  if (tree !== undefined) look(tree)
  return homes
}

type Inside = { node: AstNode; mutants: readonly Mutant[]; read: (span: Span) => string }

function functionHome({ node, mutants, read }: Inside): Home | undefined {
  const kind = wordAt(node, 'kind')
  const [parameters, results, body] = ['parameters', 'returnParameters', 'body'].map((name) =>
    nodeAt(node, name),
  )
  if (parameters === undefined || results === undefined || body === undefined) return undefined
  const given = nodesAt(parameters, 'parameters').map((parameter) => wordAt(parameter, 'name'))
  if ((kind !== 'function' && kind !== 'freeFunction') || given.includes('')) return undefined

  const modifiers = nodesAt(node, 'modifiers').map(spanOf)
  const name = wordAt(node, 'name')
  const mutability = /^(view|pure)$/.exec(wordAt(node, 'stateMutability'))?.[0] ?? ''
  const visibility = kind === 'function' ? 'private' : ''
  const answers =
    nodesAt(results, 'parameters').length > 0 ? `returns ${read(spanOf(results))}` : ''
  const copy = ({ as, edit }: { as: string; edit?: Edit }) => {
    const [head, rest] = [modifiers, [spanOf(body)]].map((spans) =>
      spans.map((span) => edited({ span, edit, read })).join(' '),
    )
    return `function ${as}${read(spanOf(parameters))} ${visibility} ${mutability} ${head ?? ''} ${answers} ${rest ?? ''}\n`
  }
  // What overrides, and what others see, stays in front; the modifiers move into each copy.
  const edges = [
    spanOf(node).start,
    ...modifiers.flatMap(({ start, end }) => [start, end]),
    spanOf(body).start,
  ]
  const front = edges
    .map((start, index) => (index % 2 === 0 ? read({ start, end: edges[index + 1] ?? start }) : ''))
    .join('')
  const call = (as: string) => `return ${as}(${given.join(', ')});`
  const original = `${name}_original_${spanOf(node).start}`
  return {
    span: spanOf(node),
    text: (numbers) => {
      const copies = mutants.map((mutant) => ({
        mutant,
        number: numbers.get(mutant) ?? 0,
        as: `${name}_mutant_${numbers.get(mutant) ?? 0}`,
      }))
      const choices = copies.map(({ number, as }) => `if (${CONSTANT} == ${number}) ${call(as)} `)
      return [
        { mutants, text: `${front}{ ${choices.join('')}${call(original)} }\n` },
        { mutants, text: copy({ as: original }) },
        ...copies.map(({ mutant, as }) => ({
          mutants: [mutant],
          text: copy({ as, edit: mutant }),
        })),
      ]
    },
  }
}

function constantHome({ node, mutants, read }: Inside): Home | undefined {
  const [type, value] = [nodeAt(node, 'typeName'), nodeAt(node, 'value')]
  if (type === undefined || value === undefined) return undefined
  const typeName = read(spanOf(type))
  const span = spanOf(value)
  const cast = (text: string) => (CAST.test(typeName) ? `${typeName}(${text})` : text)
  return {
    span,
    text: (numbers) => [
      ...mutants.flatMap((mutant) => [
        { mutants, text: `${CONSTANT} == ${numbers.get(mutant) ?? 0} ? ` },
        { mutants: [mutant], text: cast(edited({ span, edit: mutant, read })) },
        plain(' : '),
      ]),
      { mutants, text: cast(read(span)) },
    ],
  }
}

function plain(text: string): Part {
  return { text, mutants: [] }
}

function edited({
  span,
  edit,
  read,
}: {
  span: Span
  edit: Edit | undefined
  read: (span: Span) => string
}): string {
  if (edit === undefined || !isWithin({ inner: edit, outer: span })) return read(span)
  return (
    read({ start: span.start, end: edit.start }) +
    edit.text +
    read({ start: edit.end, end: span.end })
  )
}

function isWithin({ inner, outer }: { inner: Span; outer: Span }): boolean {
  return outer.start <= inner.start && inner.end <= outer.end
}
