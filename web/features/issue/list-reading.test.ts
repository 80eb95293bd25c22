import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { type HowToRead, readFile } from './list-reading.ts'
import { readList } from './read-list.ts'
import { workbookOf } from './workbook.fixture.ts'

const WALLET = '0x337201b5882056c2404587bda79e8bbd61fb0eb5'
const read = async (bytes: Uint8Array, how: HowToRead = {}) => {
  const reading = await readFile({ bytes, how })
  return reading.ok ? reading : { ...reading, list: undefined }
}
const problemOf = async (bytes: Uint8Array, how?: HowToRead) => {
  const reading = await readFile({ bytes, how: how ?? {} })
  return reading.ok ? 'none' : reading.problem.code
}
const textOf = (text: string) => new TextEncoder().encode(text)

describe('readFile', () => {
  describe('given a workbook', () => {
    const bytes = workbookOf({
      Notes: [],
      Guests: [
        ['Name', 'E-mail', 'Wallet', 'Table'],
        ['Åsa', 'asa@example.org', WALLET, 7],
        [{ formula: 'CONCATENATE("B","ob")', result: 'Bob' }, '', '', 8.5],
        ['', '', '', ''],
        ['=HYPERLINK("x")', 'cid@example.org', '', ''],
      ],
      Staff: [['Name'], ['Dora']],
    })

    it('reads the first sheet that has something, cell by cell', async () => {
      const { list, ...rest } = await read(bytes)
      expect(rest).to.deep.include({ sheets: ['Notes', 'Guests', 'Staff'], sheet: 1 })
      expect(list?.text).to.equal(undefined)
      expect(list?.places).to.deep.equal({ name: 0, email: 1, address: 2 })
      expect(list?.rows.map(({ line, name, state }) => `${line} ${name} ${state}`)).to.deep.equal([
        '2 Åsa ready',
        '3 Bob waiting',
        '5 =HYPERLINK("x") waiting',
      ])
      expect(list?.rows[0]?.cells).to.deep.equal(['Åsa', 'asa@example.org', WALLET, '7'])
    })

    it('names formulas, and takes their last result', async () => {
      const { list } = await read(bytes)
      expect(list?.problems.map(({ line, code }) => `${line} ${code}`)).to.deep.equal([
        '3 FORMULA_RESULT',
        '4 BLANK_ROW',
        '5 FORMULA_AS_TEXT',
      ])
      expect(list?.problems[0]?.message).to.contain('=CONCATENATE("B","ob")').and.to.contain('Bob')
    })

    it('reads the sheet that is chosen', async () => {
      const { list } = await read(bytes, { sheet: 2 })
      expect(list?.rows.map(({ name }) => name)).to.deep.equal(['Dora'])
      expect(await problemOf(bytes, { sheet: 0 })).to.equal('FILE_EMPTY')
    })

    it('says so where it is none, or damaged', async () => {
      expect(await problemOf(bytes.slice(0, 400))).to.equal('WORKBOOK_UNREADABLE')
    })
  })

  it('reads a text just as readList does', async () => {
    const bytes = readFileSync(new URL('../../../demo/attendees-messy.csv', import.meta.url))
    const { list } = await read(bytes)
    expect(list).to.deep.equal(readList({ bytes }))
  })

  it('refuses a list without people, and one row too many', async () => {
    expect(await problemOf(textOf('name,wallet\n'))).to.equal('LIST_EMPTY')
    expect(await problemOf(textOf(`name\n${'A\n'.repeat(100_001)}`))).to.equal('LIST_TOO_LONG')
    expect(await problemOf(textOf(`name\n${'A\n'.repeat(100_000)}`))).to.equal('none')
  }).timeout(60_000)

  it('tells how far it is', async () => {
    const shares: number[] = []
    const bytes = textOf(`name\n${'A\n'.repeat(10_000)}`)
    await readFile({ bytes, how: {}, onProgress: (share) => shares.push(share) })
    expect(shares).to.deep.equal([0, 0.2, 0.4, 0.6, 0.8])
  })
})
