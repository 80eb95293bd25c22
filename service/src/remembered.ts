const MOST_REMEMBERED = 10_000

/** A question that is asked once for all who ask it within so many milliseconds; a failure is not kept. */
export function remembered<asked, answer>({
  now,
  milliseconds,
  keyOf,
  ask,
}: {
  now: () => number
  milliseconds: number
  keyOf: (asked: asked) => string
  ask: (asked: asked) => Promise<answer>
}): (asked: asked) => Promise<answer> {
  const answers = new Map<string, { answer: Promise<answer>; askedAt: number }>()

  return (asked) => {
    const key = keyOf(asked)
    const askedAt = now()
    const known = answers.get(key)
    // Either way round: a clock that was set back must not make an answer last.
    if (known && Math.abs(askedAt - known.askedAt) <= milliseconds) return known.answer
    const answer = ask(asked)
    if (answers.size >= MOST_REMEMBERED) answers.clear()
    answers.set(key, { answer, askedAt })
    answer.catch(() => {
      if (answers.get(key)?.answer === answer) answers.delete(key)
    })
    return answer
  }
}
