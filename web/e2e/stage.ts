import type { Browser } from 'playwright-core'
import { openBrowser } from '../../scripts/browser.ts'
import { tellFailure } from './phone.ts'
import { openWorld, type WalkWorld } from './world.ts'

/** What a suite walks through; there from its first `before` on. */
export type Stage = { browser: Browser; world: WalkWorld }

/**
 * Opens a browser and a world of its own before a suite's tests, closes them at the end, and has a test that failed tell what its pages
 * showed. In a story a test finds what the one before has left, and is skipped once one has failed; tests apart get no open page.
 */
export function setStage({
  isStory,
  ...world
}: { isStory: boolean } & Parameters<typeof openWorld>[0]): Stage {
  const stage = {} as Stage // nobody looks before the first hook has run
  const atEnd: (() => Promise<void>)[] = []
  let isBroken = false

  before(async () => {
    stage.browser = await openBrowser()
    atEnd.push(() => stage.browser.close())
    stage.world = await openWorld(world)
    atEnd.push(() => stage.world.close())
  })
  beforeEach(function () {
    if (isStory && isBroken) this.skip() // what follows would only say so again
  })
  afterEach(async function () {
    isBroken ||= this.currentTest?.state === 'failed'
    await tellFailure({ test: this.currentTest, browser: stage.browser })
    if (isStory) return
    await Promise.all(stage.browser.contexts().map((context) => context.close()))
  })
  after(async () => {
    for (const end of atEnd) await end()
  })
  return stage
}
