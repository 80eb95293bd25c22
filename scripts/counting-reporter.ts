import fs from 'node:fs'
import Mocha, { type MochaOptions, type Runner } from 'mocha'

/** What a suite came to. */
export type Counts = { passed: number; failed: number; skipped: number }

/** Tells the tests as `spec` does, and leaves the counts in the file that COUNTS_FILE names. */
class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Runner, options?: MochaOptions) {
    super(runner, options)
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats
      const counts: Counts = { passed: passes, failed: failures, skipped: pending }
      const file = process.env.COUNTS_FILE
      if (file !== undefined) fs.writeFileSync(file, JSON.stringify(counts))
    })
  }
}

// mocha loads reporters with `require`, which answers with this name where a module exports it.
export { CountingReporter as 'module.exports' }
