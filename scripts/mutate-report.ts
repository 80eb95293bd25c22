import type { Verdict } from './mutate-memory.ts'
import type { Mutant } from './mutate-mutants.ts'
import { EXPLANATIONS } from './mutate-survivors.ts'

/** A mutant and what became of it. */
export type Judged = { mutant: Mutant; verdict: Verdict }

/** What a run comes to. */
export type Tally = {
  mutants: number
  killed: number
  survived: number
  endless: number
  equivalent: number
  duplicate: number
  uncompilable: number
  killedPercent: number
}

/** Leaves one of the survivors that compile to the same code: the first in the sources. */
export function withoutDuplicates(judged: readonly Judged[]): Judged[] {
  const seen = new Set<string>()
  return judged.filter(({ verdict: { found, digest } }) => {
    if (found !== 'survived' || digest === undefined) return true
    const isNew = !seen.has(digest)
    seen.add(digest)
    return isNew
  })
}

/** Counts what was found. */
export function tallyOf(judged: readonly Judged[]): Tally {
  const distinct = withoutDuplicates(judged)
  const count = (found: Verdict['found']) =>
    distinct.filter(({ verdict }) => verdict.found === found).length
  const [killed, survived] = [count('killed'), count('survived')]
  const endless = distinct.filter(
    ({ verdict }) => verdict.found === 'killed' && verdict.killer === undefined,
  ).length
  return {
    mutants: judged.length,
    killed,
    survived,
    endless,
    equivalent: count('equivalent'),
    duplicate: judged.length - distinct.length,
    uncompilable: count('uncompilable'),
    killedPercent: killed + survived === 0 ? 100 : (100 * killed) / (killed + survived),
  }
}

/** A table of what was found, file by file. */
export function printTable(judged: readonly Judged[]): void {
  const files = [...new Set(judged.map(({ mutant }) => mutant.file))]
  const row = (some: readonly Judged[]) => {
    const { mutants, killed, survived, equivalent, duplicate, uncompilable, killedPercent } =
      tallyOf(some)
    const dropped = equivalent + duplicate + uncompilable
    return { mutants, dropped, killed, survived, '%': Number(killedPercent.toFixed(1)) }
  }
  console.table(
    Object.fromEntries([
      ...files.map(
        (file) => [file, row(judged.filter(({ mutant }) => mutant.file === file))] as const,
      ),
      ['all', row(judged)] as const,
    ]),
  )
}

/** Names survivors as the explanations must. */
export function printSurvivors(survivors: readonly Mutant[]): void {
  if (survivors.length === 0) return
  console.log(
    `\nSurvivors that ${EXPLANATIONS} does not explain. Write a test that notices them, or say why there is none:`,
  )
  for (const { id, file, line } of survivors) console.log(`- \`${id}\`\n  ${file}:${line}`)
}

/** Says now and then how far it is, and how long it will take. */
export function followProgress({
  total,
  say,
}: {
  total: number
  say: (line: string) => void
}): (judged: readonly Judged[]) => void {
  const began = Date.now()
  let said = began
  return (judged) => {
    const now = Date.now()
    if (judged.length < total && now - said < 15_000) return
    said = now
    const { killed, survived } = tallyOf(judged)
    const each = (now - began) / judged.length
    const left = Math.ceil(((total - judged.length) * each) / 60_000)
    say(
      `${judged.length} of ${total}: ${killed} killed, ${survived} survived; ` +
        `${(each / 1_000).toFixed(2)} s each, about ${left} min left`,
    )
  }
}
