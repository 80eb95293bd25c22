const STEPS = [1, 2, 4, 6, 10]

/** Where a scale from 0 ends so that it holds `most`, and its half is a whole number. */
export function topOf(most: number): number {
  for (let power = 1; ; power *= 10) {
    const step = STEPS.find((one) => one * power >= most && (one * power) % 2 === 0)
    if (step !== undefined) return step * power
  }
}
