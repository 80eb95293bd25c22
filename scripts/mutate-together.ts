import type { AstNode } from './mutate-ast.ts'
import { type Bundle, bundleOf, guiltyOf } from './mutate-bundle.ts'
import type { Code } from './mutate-compiler.ts'
import { type Bench, compile } from './mutate-judge.ts'
import type { Mutant } from './mutate-mutants.ts'

/** A bundle of mutants, compiled. */
export type Together = { codes: Readonly<Record<string, Code>>; bundle: Bundle }

/** Compiles the mutants in as few bundles as can be; what solc refuses must be tried alone. */
export async function compileTogether({
  bench,
  trees,
  mutants,
}: {
  bench: Bench
  trees: Readonly<Record<string, AstNode>>
  mutants: readonly Mutant[]
}): Promise<{ compiled: Together[]; alone: Mutant[] }> {
  if (mutants.length === 0) return { compiled: [], alone: [] }
  const { project } = bench
  const bundle = bundleOf({ mutants, project, trees })
  const result = await compile({ ...bench, project: { ...project, sources: bundle.sources } })
  if (result.isCompiled) return { compiled: [{ codes: result.codes, bundle }], alone: [] }
  const guilty = guiltyOf({ bundle, faults: result.faults })
  if (guilty.size > 0) {
    const rest = await compileTogether({
      bench,
      trees,
      mutants: mutants.filter((mutant) => !guilty.has(mutant)),
    })
    return { ...rest, alone: [...guilty, ...rest.alone] }
  }
  if (mutants.length === 1) return { compiled: [], alone: [...mutants] }
  const half = Math.ceil(mutants.length / 2)
  const compiled: Together[] = []
  const alone: Mutant[] = []
  // One after the other: a worker does one thing at a time.
  for (const some of [mutants.slice(0, half), mutants.slice(half)]) {
    const found = await compileTogether({ bench, trees, mutants: some })
    compiled.push(...found.compiled)
    alone.push(...found.alone)
  }
  return { compiled, alone }
}
