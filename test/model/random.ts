// Chance that can be had again: the same seed gives the same sequence on every machine.

/** A source of chance. */
export type Random = {
  /** From 0 to `end`, exclusive. */
  below: (end: number) => number
  chance: (probability: number) => boolean
  pick: <T>(from: readonly T[]) => T
  /** One of the keys, each as often as its weight says. */
  weigh: <T extends string>(weights: Readonly<Record<T, number>>) => T
  shuffle: <T>(list: readonly T[]) => T[]
}

/** Chance from a seed of 32 bits. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  // The mixing steps of splitmix32: every output depends on every bit of the state, and states never repeat early.
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
  const below = (end: number) => Math.floor(next() * end)
  return {
    below,
    chance: (probability) => next() < probability,
    pick: <T>(from: readonly T[]): T => {
      if (from.length === 0) throw new Error('There is nothing to pick from.')
      return from[below(from.length)]!
    },
    weigh: <T extends string>(weights: Readonly<Record<T, number>>): T => {
      const names = Object.keys(weights) as T[] // Object.keys forgets the type of its keys
      let left = next() * names.reduce((sum, name) => sum + weights[name], 0)
      return names.find((name) => (left -= weights[name]) < 0) ?? names[0]!
    },
    shuffle: <T>(list: readonly T[]): T[] => {
      const shuffled = [...list]
      for (let i = shuffled.length - 1; i > 0; i -= 1) {
        const j = below(i + 1)
        ;[shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!]
      }
      return shuffled
    },
  }
}
