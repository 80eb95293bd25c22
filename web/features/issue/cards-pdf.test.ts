import { PDFDocument } from '@cantoo/pdf-lib'
import { expect } from 'chai'
import type { DrawScript } from '../../ui/pdf-pen.ts'
import { cardsPdf } from './cards-pdf.ts'
import { codesOnPages } from './cards-pdf.fixture.ts'
import type { Card } from './claim-files.ts'

// One white pixel: in Node there is no canvas, and what it draws is the browser's affair.
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='
const card = (number: number): Card => ({
  campaign: 'Lunch',
  name: `Person ${number}`,
  window: 'Sat, 14 Feb 2026, 12:00\u2009–\u200914:00 GMT+5:30',
  place: 'Mess hall',
  id: '0f8fad5b-d9cb-5c3f-a165-70867728950e',
  link: `https://coupons.example/c#CSC1.31337.85_W5RqtiPb0zmq4gnJ5z_-5ImY.ASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4m${String(number).padStart(4, '0')}.abcdef`,
})

describe('cardsPdf', () => {
  const drawn: string[] = []
  const drawScript: DrawScript = ({ text }) => {
    drawn.push(text)
    return Promise.resolve({
      png: Uint8Array.from(Buffer.from(PIXEL, 'base64')),
      width: 1,
      height: 1,
    })
  }
  const make = (cards: Card[]) =>
    cardsPdf({ cards, book: 'Winter hackathon', drawScript, onProgress: () => undefined })

  it('has eight cards to an A4 page, and its codes are read back', async () => {
    const cards = Array.from({ length: 19 }, (_, index) => card(index))
    const pdf = await PDFDocument.load(await make(cards))
    expect(pdf.getPageCount()).to.equal(3)
    expect(Math.round(pdf.getPage(0).getWidth())).to.equal(595)
    expect(Math.round(pdf.getPage(0).getHeight())).to.equal(842)
    expect(codesOnPages(pdf.getPages())).to.deep.equal(cards.map(({ link }) => link))
    expect(drawn, 'a thin space is written as a space').to.deep.equal([])
  }).timeout(60_000)

  it('has every other script drawn by the browser, without what turns its direction', async () => {
    await make([
      { ...card(1), name: 'अनिल कुमार' },
      { ...card(2), name: '\u202eليلى\u202c', campaign: '午餐' },
      { ...card(3), campaign: '午餐' },
      { ...card(4), name: 'Zoë 🍛' },
    ])
    expect(drawn).to.deep.equal(['अनिल कुमार', '午餐', 'ليلى', 'Zoë 🍛'])
  }).timeout(30_000)
})
