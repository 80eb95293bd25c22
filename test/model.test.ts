// A model of the book, played against the chain on random sequences of 200 calls. MODEL_SEQUENCES and MODEL_SEED
// play more, or others.
import { expect } from 'chai'

import { playRandom, type Tally } from './model/driver.ts'
import { shrink, storyOf } from './model/shrink.ts'
import { openStage } from './model/stage.ts'

const LENGTH = 200
const FIRST_SEED = 1

// What must succeed at least once in the usual three sequences, else they show nothing about it.
const ACTIONS = [
  ...['createCampaign', 'changeTerms', 'issue', 'issueStandby', 'redeem', 'redeemFor'],
  ...['redeemBatch', 'revoke', 'reallot', 'pause', 'resume', 'release', 'close', 'addWitness'],
  ...['removeWitness', 'grantRole', 'beginDefaultAdminTransfer', 'acceptDefaultAdminTransfer'],
  'multicall',
]

describe('model', () => {
  it('says what the chain does', async function () {
    this.timeout(600_000)
    const stage = await openStage()
    const tally: Tally = new Map()
    const first = Number(process.env.MODEL_SEED ?? FIRST_SEED)
    for (let i = 0; i < Number(process.env.MODEL_SEQUENCES ?? 3); i++) {
      const seed = first + i
      const { parting } = await playRandom({ stage, seed, length: LENGTH, tally })
      if (parting) throw new Error(`seed ${seed}\n${storyOf(await shrink({ stage, parting }))}`)
    }
    const never = ACTIONS.filter((action) => !tally.has(action))
    if (first === FIRST_SEED) expect(never, 'never came off').to.deep.equal([])
  })
})
