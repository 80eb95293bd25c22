import fs from 'node:fs'
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { expectAccessible } from './axe.ts'

// Proper names of ours and of the world, which are the same in every language.
const NAMES = ['Coupon Secure', 'IST', 'GMT', 'Local chain']
const LEAST_TARGET = 43.5 // of 44, and a browser's own rounding

/** What a language calls something. */
export function wordsOf(language: string): Record<string, string> {
  const file = new URL(`../words/${language}.json`, import.meta.url)
  return JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, string>
}

/**
 * The page is in this language and nothing on it is left in English, but what says so itself and what people are called; axe finds
 * nothing by day and by night; what can be tapped is large enough; nothing runs over the edge, not even at twice the size.
 */
export async function expectSpoken({
  page,
  language,
  names,
}: {
  page: Page
  language: 'hi' | 'ur'
  /** Of books, campaigns and places: whatever their organiser called them. */
  names: readonly string[]
}): Promise<void> {
  const html = page.locator('html')
  expect(await html.getAttribute('lang')).to.equal(language)
  expect(await html.getAttribute('dir')).to.equal(language === 'ur' ? 'rtl' : 'ltr')

  const texts = await page.evaluate(textsSeen)
  expect(texts.length).to.be.greaterThan(3)
  const known = [...names, ...NAMES].sort((a, b) => b.length - a.length)
  const english = texts
    .map((text) => known.reduce((rest, name) => rest.replaceAll(name, ''), text))
    .filter((text) => /[a-z]{2}/i.test(text))
  expect(english, `left in English at ${page.url()}`).to.deep.equal([])
  await page.waitForFunction(() => !/^(?!Coupon Secure)[A-Z]/.test(document.title)) // with the page's first script

  await expectAccessible(page)
  const small = await page.evaluate(targetsBelow, LEAST_TARGET)
  expect(small, `too small to be hit at ${page.url()}`).to.deep.equal([])
  await expectNoSidewaysScroll(page)
}

/** Nothing runs over the edge of the screen, as it is and at 200 %. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const whole = page.viewportSize() ?? { width: 390, height: 844 }
  for (const { width, height } of [whole, { width: whole.width / 2, height: whole.height / 2 }]) {
    await page.setViewportSize({ width, height })
    const wide = await page.evaluate(widerThan, width)
    expect(wide, `over the edge at ${width} px, ${page.url()}`).to.deep.equal([])
  }
  await page.setViewportSize(whole)
}

// What follows runs in the page.

function textsSeen(): string[] {
  const found: string[] = []
  const isForeign = (element: Element) => element.closest('[lang="en"], code, bdi, option') !== null
  const open = document.querySelector('dialog[open]')
  const walker = document.createTreeWalker(open ?? document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement
    const text = walker.currentNode.textContent?.trim() ?? ''
    if (element === null || text === '' || isForeign(element)) continue
    if (element.closest('script, style') === null && element.checkVisibility()) found.push(text)
  }
  for (const element of (open ?? document).querySelectorAll('[aria-label], [placeholder]')) {
    if (element.closest('[lang="en"]') !== null || element.tagName === 'CODE') continue
    const label = element.getAttribute('aria-label')?.replace(/0x\S+/g, '')
    if (label !== undefined && element.checkVisibility()) found.push(label)
  }
  return found
}

function targetsBelow(least: number): string[] {
  const open = document.querySelector('dialog[open]') ?? document
  return [...open.querySelectorAll('button, select, summary, input, textarea, a')].flatMap(
    (element) => {
      const { width, height } = element.getBoundingClientRect()
      const isInText = element.tagName === 'A' && getComputedStyle(element).display === 'inline'
      if (isInText || width === 0 || element.closest('.skip') !== null) return []
      const isBox = element.matches('[type="radio"], [type="checkbox"]')
      if (isBox || !element.checkVisibility() || Math.min(width, height) >= least) return []
      return [`${element.outerHTML.slice(0, 120)}: ${width} × ${height}`]
    },
  )
}

function widerThan(width: number): string[] {
  if ((document.scrollingElement?.scrollWidth ?? 0) <= width) return []
  return [...document.body.querySelectorAll(':not(.skip)')].flatMap((element) => {
    const { left, right } = element.getBoundingClientRect()
    const isOver = right > width + 1 || left < -1
    return isOver && element.checkVisibility() ? [element.outerHTML.slice(0, 120)] : []
  })
}
