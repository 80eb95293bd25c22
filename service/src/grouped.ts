import { setImmediate as turnOfLoop } from 'node:timers/promises'

const MOST_AT_ONCE = 256

/**
 * Does in one go what was asked while the last lot was being done: under load, many claims share their statements and one
 * commit; a single claim waits for no more than the event loop's turn. What has a key in common never shares a lot. A lot that fails is done one by
 * one, so that nobody fails for another's sake.
 */
export function grouped<asked, answer>({
  keysOf,
  doAll,
}: {
  keysOf: (asked: asked) => readonly string[]
  doAll: (lot: readonly asked[]) => Promise<answer[]>
}): (asked: asked) => Promise<answer> {
  type Waiting = { asked: asked; keys: readonly string[]; settle: PromiseWithResolvers<answer> }
  let waiting: Waiting[] = []
  let isBusy = false

  return (asked) => {
    const settle = Promise.withResolvers<answer>()
    waiting.push({ asked, keys: keysOf(asked), settle })
    void work()
    return settle.promise
  }

  async function work(): Promise<void> {
    if (isBusy) return
    isBusy = true
    while (waiting.length > 0) {
      // PGlite works without ever letting the event loop turn: whoever has come to the door is let in first.
      await turnOfLoop()
      await settleLot(nextLot())
    }
    isBusy = false
  }

  function nextLot(): Waiting[] {
    const [lot, later] = apart({ all: waiting, keysOf: ({ keys }) => keys, most: MOST_AT_ONCE })
    waiting = later
    return lot
  }

  async function settleLot(lot: Waiting[]): Promise<void> {
    try {
      const answers = await doAll(lot.map(({ asked }) => asked))
      lot.forEach(({ settle }, index) => {
        const answer = answers[index]
        if (answer === undefined) settle.reject(new RangeError('a lot with too few answers'))
        else settle.resolve(answer)
      })
    } catch (error) {
      const [only, ...others] = lot
      if (only && others.length === 0) only.settle.reject(error)
      else for (const one of lot) await settleLot([one])
    }
  }
}

/** The first `most` that have no key in common, and all others, both in their order. */
export function apart<one>({
  all,
  keysOf,
  most,
}: {
  all: readonly one[]
  keysOf: (one: one) => readonly string[]
  most: number
}): [lot: one[], later: one[]] {
  const taken = new Set<string>()
  const [lot, later]: [one[], one[]] = [[], []]
  for (const one of all) {
    const keys = keysOf(one)
    const isFree = lot.length < most && !keys.some((key) => taken.has(key))
    // Those of whoever has to wait too, so that nobody overtakes them.
    for (const key of keys) taken.add(key)
    ;(isFree ? lot : later).push(one)
  }
  return [lot, later]
}
