const MOST_AT_ONCE = 256

/**
 * Does in one go what was asked while the last lot was being done: under load, many claims share one statement and one
 * commit; a single claim waits for nothing. What has the same key never shares a lot. A lot that fails is done one by one,
 * so that nobody fails for another's sake.
 */
export function grouped<asked, answer>({
  keyOf,
  doAll,
}: {
  keyOf: (asked: asked) => string
  doAll: (lot: readonly asked[]) => Promise<answer[]>
}): (asked: asked) => Promise<answer> {
  type Waiting = { asked: asked; key: string; settle: PromiseWithResolvers<answer> }
  let waiting: Waiting[] = []
  let isBusy = false

  return (asked) => {
    const settle = Promise.withResolvers<answer>()
    waiting.push({ asked, key: keyOf(asked), settle })
    void work()
    return settle.promise
  }

  async function work(): Promise<void> {
    if (isBusy) return
    isBusy = true
    while (waiting.length > 0) await settleLot(nextLot())
    isBusy = false
  }

  function nextLot(): Waiting[] {
    const keys = new Set<string>()
    const lot: Waiting[] = []
    const later: Waiting[] = []
    for (const one of waiting) {
      const isFirst = !keys.has(one.key)
      keys.add(one.key)
      if (isFirst && lot.length < MOST_AT_ONCE) lot.push(one)
      else later.push(one)
    }
    waiting = later
    // In one order everywhere, so that two oracles on one database never wait for each other.
    return lot.sort((a, b) => (a.key < b.key ? -1 : 1))
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
