// Rule 9 of the design: replaying a book's events alone rebuilds every state and every total. MODEL_SEQUENCES and MODEL_SEED as in
// test/model.test.ts.
import { expect } from 'chai'

import { playRandom } from './model/driver.ts'
import { asText } from './model/outcome.ts'
import { happeningIn, type Log } from './model/reading.ts'
import { replay } from './model/replay.ts'
import { again, LENGTH, sayHowFar, seeds } from './model/settings.ts'
import { logsOf, openStage, type Stage } from './model/stage.ts'
import { ask, differences } from './model/view.ts'

const LOOK_EVERY = 50 // steps
const OMISSIONS = 2 // of each kind of event, at each look

// Each of these tells something that nothing else tells.
const EVENTS = [
  'CampaignCreated',
  'TermsChanged',
  'Issued',
  'CouponRedeemed',
  'CouponRevoked',
  'CampaignPaused',
  'CampaignResumed',
  'UnusedReleased',
  'ShardsCounted',
  'CampaignClosed',
  'WitnessAdded',
  'WitnessRemoved',
  'RoleGranted',
  'RoleRevoked',
  'DefaultAdminTransferScheduled',
  'DefaultAdminTransferCanceled',
] as const

const played = seeds({ usually: 2, from: 1_000 })

describe('a book rebuilt from its events', () => {
  let stage: Stage

  before(async () => {
    stage = await openStage()
  })

  it(`is the book on chain, all through ${played.seeds.length} random sequences of ${LENGTH} calls`, async function () {
    this.timeout(played.timeout)
    for (const [i, seed] of played.seeds.entries()) {
      sayHowFar({ played: i, of: played.seeds.length })
      const onStep = atLooks(async () => wrongIn({ stage, logs: await logsOf(stage) }))
      const { parting } = await playRandom({ stage, seed, length: LENGTH, onStep })
      const command = again({ seed, file: 'test/replay.test.ts' })
      expect(parting?.differences ?? [], command).to.deep.equal([])
    }
  })

  it('is another one where any kind of event is missing', async function () {
    this.timeout(played.timeout)
    const unnoticed = new Set<string>(EVENTS)
    const onStep = atLooks(async () => {
      const logs = await logsOf(stage)
      for (const event of unnoticed) {
        if (await isMissed({ stage, logs, event })) unnoticed.delete(event)
      }
      return []
    })
    for (let seed = 1; unnoticed.size > 0 && seed <= 20; seed++) {
      await playRandom({ stage, seed, length: LENGTH, onStep })
    }
    expect([...unnoticed]).to.deep.equal([])
  })
})

function atLooks(look: () => Promise<string[]>): (played: number) => Promise<string[]> {
  return (step) => (step % LOOK_EVERY === 0 ? look() : Promise.resolve([]))
}

/** Where the book that these logs tell of differs from the one on chain. */
async function wrongIn({ stage, logs }: { stage: Stage; logs: readonly Log[] }): Promise<string[]> {
  const { state, contradictions } = replay({ abi: stage.abi, logs })
  if (contradictions.length > 0) return contradictions

  // The one thing that no event tells, by ERC-7572.
  state.contractURI = asText(await ask({ stage, name: 'contractURI' }))
  return differences({ stage, state })
}

/** Whether the replay goes wrong without one of the last events of that kind. */
async function isMissed({
  stage,
  logs,
  event,
}: {
  stage: Stage
  logs: readonly Log[]
  event: string
}): Promise<boolean> {
  const { abi } = stage
  const those = logs.filter((log) => happeningIn({ abi, log }).event === event).slice(-OMISSIONS)
  for (const missing of those) {
    const others = logs.filter((log) => log !== missing)
    if ((await wrongIn({ stage, logs: others })).length > 0) return true
  }
  return false
}
