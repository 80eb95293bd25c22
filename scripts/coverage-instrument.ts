import { type AstNode, nodesAt, spanOf } from './mutate-ast.ts'
import type { Project } from './mutate-compiler.ts'
import { type Desk, type Point, PROBES_NAME, PROBES_SOURCE } from './coverage-points.ts'
import { probeFunction } from './coverage-solidity.ts'

/** The same contracts, which tell the chain where they come through, and all that the tests are to make happen. */
export function instrument({
  project,
  trees,
}: {
  project: Project
  trees: Readonly<Record<string, AstNode>>
}): { project: Project; points: Point[] } {
  const sources: Record<string, string> = { ...project.sources, [PROBES_NAME]: PROBES_SOURCE }
  const points: Point[] = []
  let probes = 0
  const number = (count: number) => (probes += count) - count
  for (const file of project.targets) {
    const tree = trees[file]
    if (tree === undefined) throw new Error(`solc gave no syntax tree for ${file}.`)
    const source = Buffer.from(project.sources[file] ?? '')
    const read: Desk['read'] = ({ start, end }) => source.subarray(start, end).toString()
    const desk: Desk = { file, read, points: [], edits: [], number }
    probeFile({ desk, node: tree })
    sources[file] = `${edited({ source, desk })}\nimport {Probes} from "${PROBES_NAME}";\n`
    points.push(...desk.points.sort((a, b) => a.line - b.line))
  }
  return { project: { ...project, sources }, points }
}

/** Only functions and modifiers run; what stands outside them is compiled away. */
function probeFile({ desk, node }: { desk: Desk; node: AstNode }): void {
  const contract = node.nodeType === 'ContractDefinition' ? node : undefined
  // A name for each contract, since one may inherit from another.
  const passed = contract === undefined ? '' : `probed_${String(contract.id)}`
  for (const child of nodesAt(node, 'nodes')) {
    if (child.nodeType === 'ContractDefinition') probeFile({ desk, node: child })
    const hasCode = /^(Function|Modifier)Definition$/.test(child.nodeType)
    if (hasCode) probeFunction({ desk, node: child, passed })
  }
  if (contract === undefined) return
  const at = spanOf(contract).end - 1
  const text = `modifier ${passed}(uint256 probe) { Probes.hit(probe); _; } `
  desk.edits.push({ start: at, end: at, text })
}

function edited({ source, desk: { edits } }: { source: Buffer; desk: Desk }): string {
  const parts: string[] = []
  let copied = 0
  // What joins at one place stays in the order in which it came: the outer before the inner.
  for (const { start, end, text } of [...edits].sort((a, b) => a.start - b.start)) {
    parts.push(source.subarray(copied, start).toString(), text)
    copied = end
  }
  return parts.join('') + source.subarray(copied).toString()
}
