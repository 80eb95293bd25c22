import fs from 'node:fs'
import { createRequire } from 'node:module'
import type axe from 'axe-core'
import { expect } from 'chai'
import type { Page } from 'playwright-core'

const SOURCE = fs.readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)

/** axe finds nothing on the page as it stands, light or dark. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.evaluate(finishTransitions) // a colour on its way to another is neither
    await page.evaluate(SOURCE) // by the debugger, so that the page's content policy has no say
    const faults = await page.evaluate(async () => {
      const { violations } = await (Reflect.get(window, 'axe') as typeof axe).run(document)
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${String(target)}: ${failureSummary}`),
      )
    })
    expect(faults, `axe, ${colorScheme}, ${page.url()}`).to.deep.equal([])
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null })
}

/** Runs in the page: waits until nothing changes its look any more; what a parent hands down may begin a frame later. */
async function finishTransitions(): Promise<void> {
  let quiet = 0
  for (let frame = 0; frame < 120 && quiet < 4; frame++) {
    await new Promise((resolve) => requestAnimationFrame(resolve))
    const isChanging = document.getAnimations().some((one) => one instanceof CSSTransition)
    quiet = isChanging ? 0 : quiet + 1
  }
}
