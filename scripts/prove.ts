// `npm run prove`: proves what docs/proof.md says of the ledger, for all inputs. Fails where anything is not proved.
//   -- --only redeem,revoke  these actions alone        -- --broken  plants bugs in the ledger, each of which must undo a proof
//   -- --json                the result as JSON
import { parseArgs } from 'node:util'
import { BUGS, plant } from './prove-bugs.ts'
import { ledgerText, proveActions, type Proved, proveLemmas } from './prove-ledger.ts'
import { Solver } from './prove-solver.ts'

const ASSUMED = [
  'fewer than 2^31 shards, and 2^32 coupons, are ever issued in a campaign, and 2^32 to standby',
  'what the callers vouch for: "Vouched" in test/proof/LedgerProof.sol, and docs/proof.md where each is seen to',
  'sums over shards are what docs/proof.md says of sums',
]

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    broken: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const say = values.json ? () => undefined : console.log
const only = values.only === undefined ? undefined : new Set(values.only.split(','))
const solver = await Solver.open()
try {
  process.exitCode = (await (values.broken ? noticeBugs() : prove())) ? 0 : 1
} finally {
  solver.close()
}

/** Whether all was proved. */
async function prove(): Promise<boolean> {
  const text = ledgerText()
  const words = await proveLemmas({ text, solver })
  tell(words)
  const actions = await proveActions({ text, solver, only, tell })
  const all = [words, ...actions]
  const missing = [...(only ?? [])].filter(
    (name) => !actions.some((action) => action.name === name),
  )
  const isProved = missing.length === 0 && all.every(({ unproved }) => unproved.length === 0)
  if (missing.length > 0) say(`There is no ${missing.join(', ')} to prove.`)
  if (values.json) console.log(JSON.stringify({ isProved, assumed: ASSUMED, parts: all }, null, 2))
  say(`\nAssumed, not proved:\n${ASSUMED.map((each) => `  - ${each}`).join('\n')}`)
  say(isProved ? '\nProved.' : '\nNot proved.')
  return isProved
}

/** Whether each planted bug undoes a proof. */
async function noticeBugs(): Promise<boolean> {
  let isGood = true
  for (const bug of BUGS) {
    const text = plant({ text: ledgerText(), bug })
    const parts = bug.isInWords
      ? [await proveLemmas({ text, solver })]
      : await proveActions({ text, solver, only: new Set(bug.shownBy), isFirstEnough: true })
    const isNoticed = parts.some(({ unproved }) => unproved.length > 0)
    say(`${isNoticed ? '✔ noticed' : '✗ NOT NOTICED'}: ${bug.name}`)
    isGood &&= isNoticed
  }
  return isGood
}

function tell({ name, proved, unproved, seconds }: Proved): void {
  const sign = unproved.length === 0 ? '✔' : '✗'
  say(`${sign} ${name}: ${proved} proved (${seconds.toFixed(1)} s)`)
  for (const sentence of unproved) say(sentence)
}
