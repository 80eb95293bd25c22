// One of the processes that decide questions: it keeps a Z3 warm, and answers what it is asked.
import { createRequire } from 'node:module'
import type { Z3_solver, Z3LowLevel } from 'z3-solver'

/** A question in SMT-LIB, without `check-sat`. */
export type Question = { text: string; manners: readonly Manner[] }

/** How Z3 goes about it. No answer depends on it, only how soon one is found. */
export type Manner = { settings: Readonly<Record<string, string>>; effort: number }

/** What Z3 says, or why it could not. */
export type Answer = { answer: 'no' | 'yes' | 'unknown' } | { failure: string }

/** What of emscripten's file system is needed here; the package does not say its type. */
type Files = { FS: { writeFile: (file: string, text: string) => void } }

// z3-solver finds its WebAssembly beside itself only when it is required.
const { init } = createRequire(import.meta.url)('z3-solver') as typeof import('z3-solver')
const { Z3, em } = (await init()) as Omit<Z3LowLevel, 'em'> & { em: Files }
const ANSWERS = { [-1]: 'no', 0: 'unknown', 1: 'yes' } as const
const FILE = '/question.smt2'
// What is defined is put in its place first; what is left is for the solver proper.
const TACTICS = ['simplify', 'propagate-values', 'solve-eqs', 'elim-uncnstr', 'simplify', 'smt']

process.on('disconnect', () => process.exit())
process.on('message', (message) => {
  void decide(message as Question) // our own words, from prove-solver.ts
    .catch((error: unknown): Answer => ({ failure: String(error) }))
    .then((answer) => process.send?.(answer))
})
process.send?.('ready')

async function decide({ text, manners }: Question): Promise<Answer> {
  // By way of a file: a string that is handed to another thread may be overwritten before it is read.
  em.FS.writeFile(FILE, text)
  for (const { settings, effort } of manners) {
    const answer = await ask({ settings, effort })
    if (answer !== 'unknown') return { answer }
  }
  return { answer: 'unknown' }
}

async function ask({ settings, effort }: Manner): Promise<'no' | 'yes' | 'unknown'> {
  Z3.global_param_reset_all()
  for (const [name, value] of Object.entries(settings)) Z3.global_param_set(name, value)
  Z3.global_param_set('rlimit', String(effort))
  const config = Z3.mk_config()
  const context = Z3.mk_context(config)
  Z3.del_config(config)
  let solver: Z3_solver | undefined
  try {
    const tactics = TACTICS.map((name) => {
      const tactic = Z3.mk_tactic(context, name)
      Z3.tactic_inc_ref(context, tactic)
      return tactic
    })
    const strategy = tactics.reduceRight((later, first) => {
      const both = Z3.tactic_and_then(context, first, later)
      Z3.tactic_inc_ref(context, both)
      return both
    })
    solver = Z3.mk_solver_from_tactic(context, strategy)
    Z3.solver_inc_ref(context, solver)
    Z3.solver_from_file(context, solver, FILE)
    const answer = await Z3.solver_check(context, solver)
    return ANSWERS[answer]
  } finally {
    if (solver !== undefined) Z3.solver_dec_ref(context, solver)
    Z3.del_context(context)
  }
}
