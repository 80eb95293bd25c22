// A model of the book (test/model/book.ts), played against the chain on random sequences of 200 calls. MODEL_SEQUENCES says how
// many, MODEL_SEED where to begin; MODEL_TALLY=1 prints how far it is, and what came of the calls.
import { expect } from 'chai'

import { Book } from './model/book.ts'
import type { Step } from './model/calls.ts'
import { makingsOf, playRandom, type Tally } from './model/driver.ts'
import type { Outcome } from './model/outcome.ts'
import { again, isTalkative, LENGTH, sayHowFar, seeds } from './model/settings.ts'
import { shrink, storyOf } from './model/shrink.ts'
import { openStage, type Stage } from './model/stage.ts'
import { neverDone, neverRefused, summaryOf } from './model/tally.ts'

const USUAL = 6
const ENOUGH_FOR_ERRORS = 100 // sequences after which every error must have come up

const played = seeds({ usually: USUAL, from: 1 })

describe('the model of a book', () => {
  let stage: Stage

  before(async () => {
    stage = await openStage()
  })

  describe(`when it is played on ${played.seeds.length} random sequences of ${LENGTH} calls`, () => {
    const tally: Tally = new Map()

    it('says of each call what the chain then does, and shows all that the chain shows', async function () {
      this.timeout(played.timeout)
      for (const [i, seed] of played.seeds.entries()) {
        const { parting } = await playRandom({ stage, seed, length: LENGTH, tally })
        sayHowFar({ played: i + 1, of: played.seeds.length })
        if (parting === undefined) continue
        const command = again({ seed, file: 'test/model.test.ts' })
        throw new Error(`${command}\n${storyOf(await shrink({ stage, parting }))}`)
      }
      if (isTalkative()) console.log(summaryOf(tally))
    })

    // A few sequences from anywhere owe nobody a success of every kind; the usual ones and many do.
    if (played.seeds.length >= USUAL) {
      it('has seen every call succeed that can', () => {
        expect(neverDone(tally)).to.deep.equal([])
      })
    }

    if (played.seeds.length >= ENOUGH_FOR_ERRORS) {
      it('has seen every error that there is', () => {
        expect(neverRefused({ tally, abi: stage.abi })).to.deep.equal([])
      })
    }
  })

  describe('when it takes the first second after a campaign for its last', () => {
    it('parts from the chain, in a sequence that shrinks to what matters', async function () {
      this.timeout(played.timeout)
      const open = (of: Stage) => new GenerousBook(makingsOf(of))
      for (let seed = 1; seed <= USUAL; seed++) {
        const { parting } = await playRandom({ stage, seed, length: LENGTH, open })
        if (parting === undefined) continue
        const { steps } = await shrink({ stage, parting, open })
        expect(steps.length, storyOf({ steps, differences: [] })).to.be.at.most(4)
        return
      }
      expect.fail('Nobody came in that very second.')
    })
  })
})

/** A book whose campaigns last a second longer. */
class GenerousBook extends Book {
  override take(step: Step): Outcome {
    const { at } = step
    const outcome = super.take(step)
    const isJustOver = outcome.fault?.error === 'CampaignIsOver' && outcome.fault.args[0] === at
    return isJustOver ? super.take({ ...step, at: at - 1n }) : outcome
  }
}
