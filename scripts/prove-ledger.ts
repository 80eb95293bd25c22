import fs from 'node:fs'
import { inRoot } from './folders.ts'
import { check, type Message, type Sources, treeOf } from './prove-checker.ts'
import { lemmas } from './prove-lemmas.ts'
import { rewriteLedger } from './prove-rewrite.ts'
import { AT_ONCE, type Solver } from './prove-solver.ts'
import { type Target, Unfolding } from './prove-unfold.ts'
import type { Manner } from './prove-worker.ts'

/** How one part of the proof came out: what could not be proved of it, in solc's words or ours. */
export type Proved = { name: string; proved: number; unproved: string[]; seconds: number }

export const LEDGER = 'contracts/CouponLedger.sol'
const PROOF = 'test/proof/LedgerProof.sol'
const WORDS = 'test/proof/Words.sol'

// Z3's own count of its steps, not seconds: a busy machine must not make a proof fail. One way or another finds each proof
// soon; any that finds one will do.
const STEPS = 3_000_000
const plain = { 'smt.array.extensional': 'false' }
const MANNERS: readonly Manner[] = [
  { settings: plain, effort: STEPS },
  { settings: { ...plain, 'smt.phase_selection': '0' }, effort: STEPS },
  { settings: { ...plain, 'smt.arith.solver': '2' }, effort: STEPS },
  { settings: { ...plain, 'smt.random_seed': '7' }, effort: 10 * STEPS },
]
// Where something must go wrong, to give up early is enough: a proof is found in a tenth of this.
const HASTY: readonly Manner[] = [{ settings: plain, effort: STEPS / 5 }]
const LEMMA_MANNERS: readonly Manner[] = [{ settings: {}, effort: 100 * STEPS }]

/** The ledger's text, as it is. */
export function ledgerText(): string {
  return read(LEDGER)
}

/** Proves the lemmas on words, on which the rest stands. */
export async function proveLemmas({
  text,
  solver,
}: {
  text: string
  solver: Solver
}): Promise<Proved> {
  const began = Date.now()
  const { counting } = rewriteLedger({ text, tree: treeOf({ name: LEDGER, text }) })
  const all = lemmas({ counting })
  const answers = await Promise.all(
    all.map(({ refuted }) => solver.decide({ text: refuted, manners: LEMMA_MANNERS })),
  )
  const unproved = all.flatMap(({ name, says }, index) =>
    answers[index] === 'no' ? [] : [`${name}: ${says} (${answers[index] ?? ''})`],
  )
  return {
    name: 'words',
    proved: all.length - unproved.length,
    unproved,
    seconds: secondsSince(began),
  }
}

/** Proves what LedgerProof.sol asserts, of the actions named or of all; tells of each as it is done. */
export async function proveActions({
  text,
  solver,
  only,
  isFirstEnough = false,
  tell = () => undefined,
}: {
  text: string
  solver: Solver
  only?: ReadonlySet<string>
  /** Whether one thing that goes wrong is enough to know. */
  isFirstEnough?: boolean
  tell?: (proved: Proved) => void
}): Promise<Proved[]> {
  const { text: rewritten } = rewriteLedger({ text, tree: treeOf({ name: LEDGER, text }) })
  const sources: Sources = { [LEDGER]: rewritten, [WORDS]: read(WORDS), [PROOF]: read(PROOF) }
  const contract = { source: PROOF, name: 'LedgerProof' }
  const report = check({ sources, contract })
  const doubt = report.said.find((message) => isDoubt(message))
  if (doubt !== undefined) throw new Error(doubt.formattedMessage)

  const unfolding = new Unfolding(report.query)
  const targets = unfolding.targets()
  const unknown = report.asked.find((name) => !targets.some((target) => target.name === name))
  if (unknown !== undefined) throw new Error(`solc asked for ${unknown}, which leads nowhere.`)
  const results: Proved[] = []
  for (const functionName of new Set(targets.flatMap(({ functions }) => functions))) {
    const name = actionOf(functionName)
    if (only?.has(name) === false) continue
    const began = Date.now()
    const own = targets.filter(({ functions }) => functions.includes(functionName))
    const ask = (target: Target) => unfolding.question({ functionName, target: target.name })
    const missing = await undecided({ targets: own, ask, solver, isFirstEnough })
    const unproved = missing.map(({ name: target }) =>
      isFirstEnough ? target : sentenceOf({ sources, contract, target }),
    )
    const end = unfolding.ending(functionName)
    if ((await solver.decide({ text: end, manners: HASTY })) === 'no') {
      unproved.push(`${name} never comes to its end: what is assumed there contradicts itself.`)
    }
    const proved = own.length - missing.length
    const result = { name, proved, unproved, seconds: secondsSince(began) }
    results.push(result)
    tell(result)
  }
  return results
}

/** The targets of which the solver does not say that nothing goes wrong there; one, if the first is enough. */
async function undecided({
  targets,
  ask,
  solver,
  isFirstEnough,
}: {
  targets: readonly Target[]
  ask: (target: Target) => string
  solver: Solver
  isFirstEnough: boolean
}): Promise<Target[]> {
  const missing: Target[] = []
  const waiting = [...targets]
  const takeTurns = async () => {
    for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
      const manners = isFirstEnough ? HASTY : MANNERS
      if ((await solver.decide({ text: ask(target), manners })) === 'no') continue
      missing.push(target)
      if (isFirstEnough) waiting.length = 0
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, takeTurns))
  return missing
}

/** What solc says of a target when it is told that this goes wrong: its own words, with the line. */
function sentenceOf({
  sources,
  contract,
  target,
}: {
  sources: Sources
  contract: { source: string; name: string }
  target: string
}): string {
  const { said } = check({ sources, contract, broken: new Set([target]) })
  const sentences = said.filter(
    ({ severity, message }) => severity === 'warning' && /CHC: /.test(message),
  )
  return sentences.map(({ formattedMessage }) => formattedMessage).join('\n')
}

/** Whether solc warns of something that it could not take into account. */
function isDoubt({ severity, message }: Message): boolean {
  return (
    severity === 'warning' && !/^(Unused|Function state mutability|This declaration)/.test(message)
  )
}

function actionOf(functionName: string): string {
  return /^summary_\d+_function_(.*?)__\d+_\d+$/.exec(functionName)?.[1] ?? functionName
}

function read(name: string): string {
  return fs.readFileSync(inRoot(...name.split('/')), 'utf8')
}

function secondsSince(began: number): number {
  return (Date.now() - began) / 1_000
}
