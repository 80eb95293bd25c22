import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { readCsv } from './csv.ts'
import type { Decisions } from './plan.ts'
import { readList } from './read-list.ts'
import { rejectedFile, rejectedRows } from './rejected.ts'

const messy = readList({
  bytes: readFileSync(new URL('../../../demo/attendees-messy.csv', import.meta.url)),
})
const decided: Decisions = {
  repeated: 'once',
  repeatedEmail: 'once',
  doubtful: 'take',
  waiting: 'links',
  leavesBroken: true,
}
const linesOf = (change: Partial<Decisions> = {}) =>
  rejectedRows({ list: messy, decisions: { ...decided, ...change } }).map(({ line }) => line)

describe('what is left out of a list', () => {
  it('is the broken rows and what repeats, or more where the organiser says so', () => {
    expect(linesOf()).to.deep.equal([4, 8, 9, 11, 12, 13, 17, 20])
    expect(linesOf({ repeated: 'each', repeatedEmail: 'each' })).to.deep.equal([
      4, 9, 11, 12, 13, 20,
    ])
    expect(linesOf({ doubtful: 'leave', waiting: 'leave' })).to.deep.equal([
      4, 5, 8, 9, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20,
    ])
  })

  it('comes back as a file with every column, its line and why', () => {
    const rows = rejectedRows({ list: messy, decisions: { ...decided, waiting: 'leave' } })
    const text = rejectedFile({ list: messy, rows }).slice(1)
    const read = readCsv({ text, separator: ',' }).map(({ cells }) => cells)
    expect(read[0]).to.deep.equal(['Line', 'Why', 'Name', 'E-mail', 'Wallet', 'Column 4'])
    const of = (line: number) => read.find(([first]) => first === String(line))
    expect(of(4)?.[1]).to.match(/^ADDRESS_CHECKSUM: /)
    expect(of(5)).to.deep.equal(['5', 'No wallet.', 'Attendee 004', '', '', ''])
    expect(of(9)?.[2], 'a formula is disarmed').to.match(/^'=HYPERLINK/)
    expect(read).to.have.length(rows.length + 1)
  })
})
