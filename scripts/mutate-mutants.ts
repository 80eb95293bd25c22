import { createHash } from 'node:crypto'
import path from 'node:path'
import {
  type AstNode,
  childrenOf,
  nodeAt,
  nodesAt,
  type Span,
  spanOf,
  wordAt,
} from './mutate-ast.ts'
import type { Edit, Place } from './mutate-edits.ts'
import { editsOf } from './mutate-operators.ts'
import { yulEditsOf } from './mutate-yul.ts'

/** A wrong version of one source, which the tests should notice. */
export type Mutant = Edit & {
  /** What changes, in words that outlive a moved line: they stand in docs/mutants.md. */
  id: string
  file: string
  line: number
  /** The contract and function it is in. */
  where: string
}

type Sources = Readonly<Record<string, string>>
type Found = Edit & { where: string; around: Span }

const WITHOUT_BEHAVIOUR = new Set([
  'PragmaDirective',
  'ImportDirective',
  'UsingForDirective',
  'InheritanceSpecifier',
  'EventDefinition',
  'ErrorDefinition',
  'StructDefinition',
  'EnumDefinition',
  'ElementaryTypeName',
  'UserDefinedTypeName',
  'ArrayTypeName',
  'Mapping',
])
// These have a name of their own or a head before their body: what is said about them stops there.
const BODIES: Readonly<Record<string, string>> = {
  IfStatement: 'trueBody',
  ForStatement: 'body',
  WhileStatement: 'body',
  YulIf: 'body',
  YulForLoop: 'body',
}
const SAID_AROUND =
  /^(\w+Statement|Return|ModifierInvocation|VariableDeclaration|Yul(Assignment|If|ForLoop|\w+Declaration|ExpressionStatement))$/
const WORDS = { before: 60, changed: 90, after: 40 }

/** Every mutant of these files, in the order of the sources. */
export function mutantsOf({
  files,
  sources,
  trees,
}: {
  files: readonly string[]
  sources: Sources
  trees: Readonly<Record<string, AstNode>>
}): Mutant[] {
  const enums = enumsIn(Object.values(trees))
  const seen = new Map<string, number>()
  return files.flatMap((file) => {
    const bytes = Buffer.from(sources[file] ?? '')
    const read = ({ start, end }: Span) => bytes.subarray(start, end).toString()
    const tree = trees[file]
    if (tree === undefined) throw new Error(`solc gave no syntax tree for ${file}.`)
    const found = unique(walk({ place: { node: tree, around: [], read, enums }, where: '' }))
    return found.map(({ around, ...edit }) => {
      const says = sayings({ edit, around, read })
      const name = `${path.basename(file, '.sol')} ${edit.where}: ${says}`
      const times = (seen.get(name) ?? 0) + 1
      seen.set(name, times)
      const line = read({ start: 0, end: edit.start }).split('\n').length
      return { ...edit, id: times === 1 ? name : `${name} (${times})`, file, line }
    })
  })
}

/** The source with the mutant in it. */
export function applied({ source, edit }: { source: string; edit: Edit }): string {
  const bytes = Buffer.from(source)
  return [
    bytes.subarray(0, edit.start).toString(),
    edit.text,
    bytes.subarray(edit.end).toString(),
  ].join('')
}

/** `count` of the mutants, the same ones each time for the same seed, in their order. */
export function sampleOf({
  mutants,
  count,
  seed,
}: {
  mutants: readonly Mutant[]
  count: number
  seed: string
}): Mutant[] {
  const lot = ({ id }: Mutant) => createHash('sha256').update(`${seed}\0${id}`).digest('hex')
  const drawn = new Set(
    mutants
      .map((mutant) => ({ mutant, lot: lot(mutant) }))
      .sort((a, b) => (a.lot < b.lot ? -1 : 1))
      .slice(0, count)
      .map(({ mutant }) => mutant),
  )
  return mutants.filter((mutant) => drawn.has(mutant))
}

function walk({ place, where, said }: { place: Place; where: string; said?: Span }): Found[] {
  const { node } = place
  if (WITHOUT_BEHAVIOUR.has(node.nodeType)) return []
  const here = nameIn({ node, where })
  const around = SAID_AROUND.test(node.nodeType) ? headOf(node) : (said ?? spanOf(node))
  const edits = node.nodeType.startsWith('Yul') ? yulEditsOf(place) : editsOf(place)
  const below = childrenOf(node).flatMap((child) =>
    walk({
      place: { ...place, node: child, around: [node, ...place.around] },
      where: here,
      said: around,
    }),
  )
  const found = [...edits.map((edit) => ({ ...edit, where: here || 'the file', around })), ...below]
  return found.sort((a, b) => a.start - b.start)
}

function nameIn({ node, where }: { node: AstNode; where: string }): string {
  const isNamed =
    /^(Contract|Function|Modifier)Definition$/.test(node.nodeType) ||
    (node.nodeType === 'VariableDeclaration' && node.constant === true)
  if (!isNamed) return where
  const name = wordAt(node, 'name') || wordAt(node, 'kind')
  // One contract to a file: its name is the file's, and said already.
  return node.nodeType === 'ContractDefinition' ? '' : name
}

function headOf(node: AstNode): Span {
  const { start, end } = spanOf(node)
  const body = nodeAt(node, BODIES[node.nodeType] ?? '')
  return { start, end: body === undefined ? end : spanOf(body).start }
}

function enumsIn(trees: readonly AstNode[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  const look = (node: AstNode) => {
    if (node.nodeType === 'EnumDefinition') {
      const names = nodesAt(node, 'members').map((member) => wordAt(member, 'name'))
      found.set(`enum ${wordAt(node, 'canonicalName')}`, names)
    }
    childrenOf(node).forEach(look)
  }
  trees.forEach(look)
  return found
}

function unique(found: readonly Found[]): Found[] {
  const texts = new Map(found.map((edit) => [`${edit.start}:${edit.end}:${edit.text}`, edit]))
  return [...texts.values()]
}

/** The sentence around the change with the change marked in it. */
function sayings({
  edit,
  around,
  read,
}: {
  edit: Edit
  around: Span
  read: Place['read']
}): string {
  const before = oneLine(read({ start: around.start, end: edit.start }))
  const after = oneLine(read({ start: edit.end, end: Math.max(around.end, edit.end) }))
  const was = shortened(oneLine(read(edit)).trim())
  const is = shortened(oneLine(edit.text).trim())
  const head = before.length > WORDS.before ? `…${before.slice(-WORDS.before)}` : before.trimStart()
  const tail = after.length > WORDS.after ? `${after.slice(0, WORDS.after)}…` : after.trimEnd()
  return `${head}⟦${was} → ${is === '' || is === '{}' ? 'nothing' : is}⟧${tail}`
}

function oneLine(text: string): string {
  return text
    .replaceAll(/\/\/[^"\n]*$/gm, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('`', "'")
}

function shortened(text: string): string {
  if (text.length <= WORDS.changed) return text
  const half = WORDS.changed / 2
  return `${text.slice(0, half)}…${text.slice(-half)}`
}
