import type { Page } from 'playwright-core'

/** Somewhere on the map, in pixels from its middle. */
export type Spot = { right: number; down: number }

/** Chooses one of the map's tools, and taps these spots one after the other. */
export async function tapMap({
  page,
  tool,
  spots,
}: {
  page: Page
  tool: string
  spots: readonly Spot[]
}): Promise<void> {
  const button = page.getByRole('button', { name: tool, exact: true })
  if ((await button.getAttribute('aria-pressed')) === 'false') await button.click()
  const { x, y } = await middleOfMap(page)
  for (const { right, down } of spots) {
    await page.mouse.move(x + right - 3, y + down - 3)
    await page.mouse.move(x + right, y + down, { steps: 3 })
    await page.waitForTimeout(60) // the pencil takes two taps in one moment for a double one
    await page.mouse.click(x + right, y + down)
    await page.waitForTimeout(340)
  }
}

/** Drags from one spot of the map to another. */
export async function dragMap({
  page,
  from,
  to,
}: {
  page: Page
  from: Spot
  to: Spot
}): Promise<void> {
  const { x, y } = await middleOfMap(page)
  await page.mouse.move(x + from.right, y + from.down, { steps: 3 })
  await page.mouse.down()
  await page.mouse.move(x + to.right, y + to.down, { steps: 8 })
  await page.mouse.up()
  await page.waitForTimeout(100)
}

/** A square of spots, closed by its first. */
export function square({ right = 0, down = 0, half }: { half: number } & Partial<Spot>): Spot[] {
  return [
    [-half, -half],
    [half, -half],
    [half, half],
    [-half, half],
    [-half, -half],
  ].map(([x = 0, y = 0]) => ({ right: right + x, down: down + y }))
}

async function middleOfMap(page: Page): Promise<{ x: number; y: number }> {
  const map = page.getByRole('region', { name: 'Map of the sites' })
  await map.scrollIntoViewIfNeeded()
  const box = await map.boundingBox()
  if (box === null) throw new Error('There is no map on this page.')
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

/** Drops a file where sites may be dropped, as from a folder. */
export async function dropPlaces({
  page,
  name,
  content,
}: {
  page: Page
  name: string
  content: string
}): Promise<void> {
  const transfer = await page.evaluateHandle(
    (file) => {
      const carried = new DataTransfer()
      carried.items.add(new File([file.content], file.name))
      return carried
    },
    { name, content },
  )
  await page.getByLabel('Load sites from a file').dispatchEvent('drop', { dataTransfer: transfer })
}
