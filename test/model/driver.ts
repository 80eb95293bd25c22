// Plays sequences on the model and on the chain, step by step, and says where they part.
import { isDeepStrictEqual } from 'node:util'

import { toQuantity } from 'ethers'

import { Book } from './book.ts'
import type { Call, Step } from './calls.ts'
import { addressOf } from './cast.ts'
import { proofBytes, statementBytes } from './encode.ts'
import type { Outcome } from './outcome.ts'
import { randomFrom } from './random.ts'
import { answersIn } from './reading.ts'
import { whyNot } from './redemptions.ts'
import { nextStep, prologue } from './sequence.ts'
import { answerTo, play, START, witnesses, type Stage } from './stage.ts'
import { differences, textOf } from './view.ts'

const LOOK_EVERY = 20 // steps, at the whole book

/** Where model and chain parted, and how. */
export type Parting = { steps: readonly Step[]; differences: readonly string[] }

/** What became of a sequence; `tally` counts what came of each kind of call. */
export type Run = { book: Book; steps: readonly Step[]; parting?: Parting }

/** Counts of what came of calls: `issue` where it did what it should, `issue: EmptyList` where it was refused. */
export type Tally = Map<string, number>

/** Makes the model's book; another one only to show that it would be caught. */
export type OpenBook = (stage: Stage) => Book

/** Makes up a sequence of so many steps while it plays. */
export async function playRandom({
  stage,
  seed,
  length,
  tally = new Map(),
  open = openBook,
  onStep = () => Promise.resolve([]),
}: {
  stage: Stage
  seed: number
  length: number
  tally?: Tally
  open?: OpenBook
  /** Looks at the chain besides, after so many steps; returns what is wrong. */
  onStep?: (played: number) => Promise<string[]>
}): Promise<Run> {
  const random = randomFrom(seed)
  const book = open(stage)
  await stage.reset()
  const steps: Step[] = []
  const first = prologue({ now: START })
  while (steps.length < length) {
    const situation = { ...stage, random, state: book.state, now: steps.at(-1)?.at ?? START }
    const step = first[steps.length] ?? nextStep(situation)
    steps.push(step)
    const isLast = steps.length === length
    const wrong = await playStep({ stage, book, step, tally })
    if (isLast || steps.length % LOOK_EVERY === 0) {
      const now = isLast ? 0n : step.at
      wrong.push(...(await differences({ stage, state: book.state, now })))
    }
    wrong.push(...(await onStep(steps.length)))
    if (wrong.length > 0) return { book, steps, parting: { steps, differences: wrong } }
  }
  return { book, steps }
}

/** Plays known steps from the beginning, and looks at the whole book in the end. */
export async function playAgain({
  stage,
  steps,
  open = openBook,
}: {
  stage: Stage
  steps: readonly Step[]
  open?: OpenBook
}): Promise<Parting | undefined> {
  const book = open(stage)
  await stage.reset()
  for (const [i, step] of steps.entries()) {
    const wrong = await playStep({ stage, book, step, tally: new Map() })
    if (i === steps.length - 1) wrong.push(...(await differences({ stage, state: book.state })))
    if (wrong.length > 0) return { steps: steps.slice(0, i + 1), differences: wrong }
  }
  return undefined
}

/** What the stage's new book is in the model. */
export function makingsOf({ wallet }: Stage): ConstructorParameters<typeof Book>[0] {
  const owners = new Map([[wallet, addressOf('owner of the wallet')]])
  return { admin: addressOf('organiser'), witnesses, owners, now: START }
}

function openBook(stage: Stage): Book {
  return new Book(makingsOf(stage))
}

async function playStep({
  stage,
  book,
  step,
  tally,
}: {
  stage: Stage
  book: Book
  step: Step
  tally: Tally
}): Promise<string[]> {
  const asked = await askFirst({ stage, book, step })
  const expected = book.take(step)
  const found = await play({ stage, step })
  note({ tally, call: step.call, outcome: expected })
  const isSame = isDeepStrictEqual(expected, found)
  return isSame ? asked : [...asked, `should be ${told(expected)}`, `and was ${told(found)}`]
}

/** `canRedeem` must say what `redeem`, sent by the holder, would come to. */
async function askFirst({
  stage: { abi, book: to, request },
  book,
  step: { at, sender, call },
}: {
  stage: Stage
  book: Book
  step: Step
}): Promise<string[]> {
  if (call.to !== 'redeem' && call.to !== 'redeemFor') return []
  const holder = call.to === 'redeem' ? sender : call.holder
  const fault = whyNot({ scene: book.scene({ sender: holder, now: at }), call, holder })
  const expected = [String(fault === undefined), fault ?? '']

  const { campaignId, serial, site, statements, proof } = call
  const told = statements.map(statementBytes)
  const args = [campaignId, serial, told, site, proofBytes(proof), holder]
  const data = abi.encodeFunctionData('canRedeem', args)
  await request('evm_setNextBlockTimestamp', toQuantity(at))
  const { result } = await answerTo(() => request('eth_call', { to, data }, 'pending'))
  const found = result === undefined ? [] : answersIn({ abi, name: 'canRedeem', bytes: result })
  if (isDeepStrictEqual(expected, found)) return []
  return [`canRedeem should say ${textOf(expected)}, and says ${textOf(found)}`]
}

function note({ tally, call, outcome }: { tally: Tally; call: Call; outcome: Outcome }): void {
  const add = (name: string) => tally.set(name, (tally.get(name) ?? 0) + 1)
  if (outcome.fault !== undefined) return void add(`${call.to}: ${outcome.fault.error}`)
  add(call.to)
  for (const { event, args } of outcome.events) {
    const why = args.at(-1)
    if (event !== 'RedemptionRefused' || typeof why !== 'object' || !('error' in why)) continue
    add(`redeemBatch, one item: ${why.error}`)
  }
}

function told(outcome: Outcome): string {
  if (outcome.fault !== undefined) return textOf(outcome.fault)
  const events = outcome.events.map(({ event, args }) => `${event}${textOf(args)}`)
  return `${events.join(', ') || 'nothing'}, returning ${textOf(outcome.returns)}`
}
