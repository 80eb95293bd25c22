import type { Page } from 'playwright-core'
import { type Address, isAddress } from 'viem'

/** Makes the phone on this page a counter of the book; answers its address. */
export async function makeCounter(page: Page): Promise<Address> {
  await page.getByRole('button', { name: 'Make this device a counter' }).click()
  const address = await page.getByRole('code').filter({ hasText: /^0x/ }).last().innerText()
  if (!isAddress(address)) throw new Error(`No counter's address: ${address}`)
  return address
}

/** The code that the counter's screen holds now, as its text. */
export async function codeOf(page: Page): Promise<string> {
  await page.getByRole('region', { name: 'The counter’s code' }).waitFor()
  await page.getByRole('button', { name: 'Copy the code as text' }).click()
  return await page.evaluate(() => navigator.clipboard.readText())
}

/** Adds a witness of class COUNTER, from any page of the book's desk. */
export async function addCounter({ page, key }: { page: Page; key: Address }): Promise<void> {
  await page.getByRole('link', { name: 'People and devices' }).click()
  const panel = page.locator('#witnesses')
  await panel.getByRole('button', { name: 'Add a counter' }).click()
  await panel.getByLabel('Its address').fill(key)
  await panel.getByRole('button', { name: 'Add the witness' }).click()
  await panel.getByRole('button', { name: `Remove Counter ${key}` }).waitFor()
}

/** Gives the page a camera that sees one QR code, drawn as large as its picture. */
export async function pretendCamera({ page, rows }: { page: Page; rows: boolean[][] }) {
  await page.evaluate((modules) => {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 480
    const context = canvas.getContext('2d')!
    const size = canvas.width / modules.length
    const draw = () => {
      context.fillStyle = '#fff'
      context.fillRect(0, 0, canvas.width, canvas.height)
      context.fillStyle = '#000'
      modules.forEach((row, y) =>
        row.forEach((isDark, x) => {
          if (isDark) context.fillRect(x * size, y * size, size + 0.5, size + 0.5)
        }),
      )
      requestAnimationFrame(draw) // a stream has pictures only while something is drawn
    }
    draw()
    navigator.mediaDevices.getUserMedia = () => Promise.resolve(canvas.captureStream(10))
  }, rows)
}
