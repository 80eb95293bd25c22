import { expect } from 'chai'
import { readCsv } from '../features/issue/csv.ts'
import { writeCsv } from './write-csv.ts'

describe('writeCsv', () => {
  it('is read back cell by cell', () => {
    const rows = [
      ['plain', 'with, comma', 'with "quotes"', 'two\nlines', '  spaces ', ''],
      ['Åsa', 'अनिल', '用户', 'ليلى', '1;2', '0x12'],
    ]
    const read = readCsv({ text: writeCsv(rows).slice(1), separator: ',' })
    expect(read.map(({ cells }) => cells)).to.deep.equal(rows)
  })

  it('puts an apostrophe before what a spreadsheet would run', () => {
    for (const cell of ['=1+1', '+4412', '-2', '@SUM(A1)', '\tx', '\rx']) {
      const [row] = readCsv({ text: writeCsv([[cell]]).slice(1), separator: ',' })
      expect(row?.cells, JSON.stringify(cell)).to.deep.equal([`'${cell}`])
    }
    expect(writeCsv([['a=b', 'a@example.org', "'quoted"]])).to.equal(
      "\ufeffa=b,a@example.org,'quoted\r\n",
    )
  })
})
