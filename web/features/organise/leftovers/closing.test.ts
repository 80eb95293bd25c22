import { expect } from 'chai'
import { zeroHash } from 'viem'
import { textsInPdf } from '../../../ui/pdf-text.fixture.ts'
import type { DrawScript } from '../../../ui/pdf-pen.ts'
import { readCsv } from '../../issue/csv.ts'
import { closingPdf } from './closing-pdf.ts'
import { closingCsv, closingStateOf, linesOf, type Statement } from './closing.ts'

const END = 1_800_003_600
const terms = {
  ...{ opensAt: BigInt(END - 3_600), closesAt: BigInt(END), heldUntil: 0n, grace: 600n },
  ...{ supply: 12_345n, sites: 2, requiredWitnesses: 1, geofenceHash: zeroHash },
}
const statement: Statement = {
  book: '0x22962f573256D13222749Ad5cB8C86a96eB4955E',
  bookName: 'Winter hackathon',
  chainId: 31337,
  campaign: { id: 3n, name: '=Lunch, Saturday', terms },
  counters: { standbyIssued: 20n, standbyRevoked: 1n },
  closing: {
    ...{ campaignId: 3n, issued: 12_020n, redeemed: 9_876n, revoked: 1_111n, unused: 1_033n },
    ...{ transaction: zeroHash, block: 77n, at: BigInt(END + 700) },
  },
  sites: [
    { site: 1, redeemed: 9_000 },
    { site: 2, redeemed: 876 },
  ],
}
const LEDGER = { Issued: '12020', Redeemed: '9876', Revoked: '1111', Unused: '1033' }

describe('a closing statement', () => {
  it('has the ledger, the sites, and where it stands on the chain', () => {
    expect(Object.fromEntries(linesOf(statement))).to.include({
      ...LEDGER,
      'Of the issued, standby': '20',
      'Redeemed at site 2': '876',
      'Closing block': '77',
      Closed: '2027-01-15 09:00 UTC',
      'Settled until': '2027-01-15 09:10 UTC',
    })
  })

  // The mark at its beginning is for spreadsheets.
  it('is read back from its CSV, where no name runs as a formula', () => {
    const rows = readCsv({ text: closingCsv(statement).slice(1), separator: ',' }).map(
      ({ cells }) => cells,
    )
    expect(Object.fromEntries(rows)).to.include({ ...LEDGER, Campaign: "'=Lunch, Saturday" })
    expect(rows).to.have.lengthOf(linesOf(statement).length + 1)
  })

  it('is read back from its PDF, line by line', async () => {
    const drawn: string[] = []
    const drawScript: DrawScript = ({ text }) => {
      drawn.push(text)
      return Promise.reject(new Error('not here'))
    }
    const texts = await textsInPdf(await closingPdf({ statement, drawScript }))
    for (const [line, value] of linesOf(statement)) {
      const at = texts.indexOf(line)
      expect(at, line).to.be.at.least(0)
      // A long value goes on in the next lines.
      const shown = texts.slice(at + 1, at + 4).join('')
      expect(shown.startsWith(value), `${line}: ${shown}`).to.equal(true)
    }
    expect(drawn).to.deep.equal([])
  })

  it('goes on to a second page where there are very many sites', async () => {
    const sites = Array.from({ length: 60 }, (_, index) => ({ site: index + 1, redeemed: index }))
    const drawScript: DrawScript = () => Promise.reject(new Error('not here'))
    const texts = await textsInPdf(
      await closingPdf({ statement: { ...statement, sites }, drawScript }),
    )
    expect(texts).to.include('Redeemed at site 60').and.to.include('Closing block')
  })
})

describe('closingStateOf', () => {
  const state = (now: number, { pausedAt = 0n, isClosed = false } = {}) =>
    closingStateOf({ campaign: { terms, pausedAt }, counters: { isClosed }, now })

  it('is due once window and grace are over, and not while paused', () => {
    expect(state(END + 599)).to.equal('too-early')
    expect(state(END + 600)).to.equal('due')
    expect(state(END + 600, { pausedAt: 9n })).to.equal('paused')
    expect(state(END + 600, { isClosed: true })).to.equal('closed')
  })
})
