import { LOCAL_CHAIN_ID } from '@coupon-secure/protocol/deployments'
import fs from 'node:fs'
import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import type { Hex } from 'viem'
import { localAccount } from '../../scripts/local-chain.ts'
import { readCsv } from '../features/issue/csv.ts'
import { workbookOf } from '../features/issue/workbook.fixture.ts'
import { seeCode } from './holder.ts'
import { chooseList, chooseMadeList, issuePanel, problemLines, totalOf } from './issuer.ts'
import { connect, makeBook, makeCampaign } from './organiser.ts'
import { openPage, openPhone } from './phone.ts'
import { setStage } from './stage.ts'
import { injectWallet } from './wallet.ts'
import type { WalkWorld } from './world.ts'

const HOUR = 3600

describe('lists of people', function () {
  this.timeout(300_000) // the first start of all may have to build the web app
  const stage = setStage({ isStory: true })
  let world: WalkWorld
  let browser: Browser
  let page: Page & { complaints: string[] }

  before(async () => {
    ;({ browser, world } = stage)
    const context = await openPhone({ browser })
    const { rpcUrl } = world.chain
    const key = localAccount(6).privateKey as Hex
    await injectWallet({ context, key, rpcUrl, chainId: LOCAL_CHAIN_ID })
    page = await openPage(context)
    await page.goto(`${world.web.url}/organise`)
    await connect(page)
    await makeBook({ page, name: 'Gathering of lists' })
    const now = Math.floor(Date.now() / 1000)
    await makeCampaign({ page, name: 'Lunch', opensAt: now - HOUR, closesAt: now + HOUR })
    await page.reload()
  })
  afterEach(async () => {
    const another = issuePanel(page).getByRole('button', { name: 'Another list' })
    if (await another.isVisible()) await another.click()
  })
  const choose = (name: string, content: Uint8Array | string) =>
    chooseMadeList({ page, name, content })

  it('report exactly their problems, and give back what is left out', async () => {
    await chooseList({ page, list: 'attendees-messy.csv' })
    const problems = (await problemLines(page)).map(({ line, code }) => `${line} ${code}`)
    expect(problems).to.deep.equal([
      '4 ADDRESS_CHECKSUM',
      '6 BLANK_ROW',
      '8 ADDRESS_REPEATED',
      '8 EMAIL_REPEATED',
      '9 QUOTE_STRAY',
      '9 FORMULA_AS_TEXT',
      '9 EMAIL_INVALID',
      '9 ADDRESS_NOT_HEX',
      '10 EMAIL_INVALID',
      '11 ADDRESS_ZERO',
      '12 ADDRESS_TOO_SHORT',
      '13 ENS_NAME',
      '14 LINE_BREAK_IN_CELL',
      '17 EMAIL_REPEATED',
      '18 EXTRA_CELL',
      '20 QUOTE_NOT_CLOSED',
    ])
    const panel = issuePanel(page)
    await panel.getByLabel('Make claim links').check()
    await panel.getByLabel(/^One coupon of each campaign$/).check()
    await panel.getByLabel(/^One coupon of each campaign: it is the same person/).check()
    await panel.getByLabel('Take as they are').check()
    await panel.getByLabel('Leave out the 6 broken rows').check()
    await panel.getByLabel('Lunch', { exact: true }).check()
    await panel.getByRole('button', { name: 'Issue 9 coupons' }).waitFor()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      panel.getByRole('button', { name: 'Download what is left out (CSV)' }).click(),
    ])
    const text = fs.readFileSync(await file.path(), 'utf8').slice(1)
    const lines = readCsv({ text, separator: ',' }).map(({ cells }) => cells[0])
    expect(lines).to.deep.equal(['Line', '4', '8', '9', '11', '12', '13', '17', '20'])
  })

  it('come as workbooks too, of which a sheet is chosen', async () => {
    const workbook = workbookOf({
      Guests: [
        ['Name', 'Wallet'],
        [{ formula: 'A9', result: 'Ann' }, `0x${'1'.repeat(40)}`],
      ],
      Staff: [
        ['Name', 'E-mail'],
        ['Bob', 'bob@example.org'],
        ['Cid', 'cid@example.org'],
      ],
    })
    await choose('people.xlsx', workbook)
    await issuePanel(page).getByText('sheet “Guests” of a workbook').waitFor()
    expect((await problemLines(page)).map(({ code }) => code)).to.deep.equal(['FORMULA_RESULT'])
    await issuePanel(page).getByText('Not read right?').click()
    await issuePanel(page).getByLabel('Sheet').selectOption('Staff')
    await issuePanel(page).getByText('sheet “Staff” of a workbook').waitFor()
    expect(await totalOf({ page, words: 'without a wallet' })).to.equal(2)
  })

  it('are read in the encoding and by the separator that are chosen', async () => {
    const cyrillic = Buffer.from('name;wallet\n\xc0\xed\xed\xe0;\n', 'latin1')
    await choose('people.csv', cyrillic)
    await issuePanel(page).getByText('Western (Windows-1252)').first().waitFor()
    await issuePanel(page).getByText('Not read right?').click()
    await issuePanel(page).getByLabel('Encoding').selectOption('windows-1251')
    await issuePanel(page).getByText('read as Cyrillic (Windows-1251)').waitFor()
    await issuePanel(page).getByText('One person has no wallet in the list').click()
    await issuePanel(page).getByText('Анна').waitFor()
  })

  it('that are none have a sentence each beside the field', async () => {
    for (const [name, content, code] of [
      ['people.csv', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'FILE_IS_NO_LIST'],
      ['people.xlsx', Buffer.from('504b030400000000', 'hex'), 'WORKBOOK_UNREADABLE'],
      ['people.xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'FILE_IS_OLD_EXCEL'],
      ['empty.csv', '', 'FILE_EMPTY'],
      ['long.csv', `name\n${'A\n'.repeat(100_001)}`, 'LIST_TOO_LONG'],
    ] as const) {
      await choose(name, content)
      await seeCode({ place: issuePanel(page), code })
    }
  })

  it('of 50,000 rows leave the page responsive while they are checked', async () => {
    const rows = Array.from(
      { length: 50_000 },
      (_, index) => `Person ${index},p${index}@example.org,`,
    )
    await page.evaluate(() => {
      const longest = { gap: 0, last: performance.now() }
      Reflect.set(window, 'longest', longest)
      setInterval(() => {
        const now = performance.now()
        longest.gap = Math.max(longest.gap, now - longest.last)
        longest.last = now
      }, 10)
    })
    const before = Date.now()
    await choose('many.csv', `name,email,wallet\n${rows.join('\n')}\n`)
    await issuePanel(page).getByRole('progressbar').waitFor()
    await issuePanel(page).getByText('50,000 people').waitFor()
    const gap = await page.evaluate(() => Reflect.get(window, 'longest').gap as number)
    console.log(
      `      50,000 rows in ${Date.now() - before} ms, the page never still for more than ${Math.round(gap)} ms`,
    )
    expect(gap).to.be.below(2_000)
    expect(page.complaints).to.deep.equal([])
  })
})
