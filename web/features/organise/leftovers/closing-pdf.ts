import { type DrawScript, penFor } from '../../../ui/pdf-pen.ts'
import { linesOf, type Statement } from './closing.ts'

const PAGE = { width: 595.28, height: 841.89 } // A4, points
const MARGIN = 56
const VALUE = 220 // where the values begin
const ROW = 6 // between two lines
const FOOT = [
  'The ledger adds up: issued = redeemed + revoked + unused.',
  'Whoever doubts a number asks the book itself: its ledger on the chain, at the block above or any later one, says the same.',
]

/** A closing statement on a page of A4. What makes PDFs is loaded now. */
export async function closingPdf({
  statement,
  drawScript,
}: {
  statement: Statement
  drawScript: DrawScript
}): Promise<Uint8Array> {
  const { PDFDocument, StandardFonts, rgb } = await import('@cantoo/pdf-lib')
  const pdf = await PDFDocument.create()
  pdf.setTitle(`Closing statement: ${statement.campaign.name}, ${statement.bookName}`)
  const pen = await penFor({ pdf, fonts: StandardFonts, drawScript })
  const width = PAGE.width - 2 * MARGIN
  const whole = { x: MARGIN, width, most: 2 }

  let page = pdf.addPage([PAGE.width, PAGE.height])
  let y = PAGE.height - MARGIN
  const room = (points: number) => {
    if (y - points >= MARGIN) return
    page = pdf.addPage([PAGE.width, PAGE.height])
    y = PAGE.height - MARGIN
  }
  y = await pen.write({ page, ...whole, y, text: 'Closing statement', size: 20, isBold: true })
  const title = statement.campaign.name
  y = await pen.write({ page, ...whole, y: y - 4, text: title, size: 14, isBold: false })
  y -= 18

  for (const [name, value] of linesOf(statement)) {
    room(40)
    const line = { page, y, size: 10.5, most: 3 }
    const left = { x: MARGIN, width: VALUE - MARGIN - 10, text: name, isBold: false }
    const right = { x: VALUE, width: PAGE.width - MARGIN - VALUE, text: value, isBold: true }
    const ends = [await pen.write({ ...line, ...left }), await pen.write({ ...line, ...right })]
    y = Math.min(...ends) - ROW
    const rule = { x: MARGIN, y: y + ROW / 4 }
    page.drawLine({
      start: rule,
      end: { ...rule, x: PAGE.width - MARGIN },
      thickness: 0.4,
      color: rgb(0.75, 0.75, 0.75),
    })
  }
  room(80)
  y -= 14
  for (const text of FOOT) {
    y = (await pen.write({ page, ...whole, most: 3, y, text, size: 9.5, isBold: false })) - ROW
  }
  return await pdf.save()
}
