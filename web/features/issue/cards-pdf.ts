import type { PDFPage, RGB } from '@cantoo/pdf-lib'
import { type DrawScript, type Pen, penFor } from '../../ui/pdf-pen.ts'
import type { Card } from './claim-files.ts'

// A4 in points, with a margin that every printer keeps; two columns of four cards.
const PAGE = { width: 595.28, height: 841.89 }
const MARGIN = 22
const COLUMNS = 2
const ROWS = 4
const CARD = {
  width: (PAGE.width - 2 * MARGIN) / COLUMNS,
  height: (PAGE.height - 2 * MARGIN) / ROWS,
}
const PADDING = 12
const CODE = 136 // the QR's side with the white around it: some 48 mm, read from an arm's length
const QUIET = 4 // modules of white around it, as readers want
const CARDS_AT_ONCE = 4 // then the page may breathe

const INSTRUCTION = 'Scan with your phone’s camera. Keep it like cash: who has it can use it.'

/** The cards as sheets of eight to be cut, ready to print. What makes PDFs and codes is loaded now. */
export async function cardsPdf({
  cards,
  book,
  drawScript,
  onProgress,
}: {
  cards: readonly Card[]
  book: string
  drawScript: DrawScript
  onProgress: (done: number) => void
}): Promise<Uint8Array> {
  const [{ PDFDocument, StandardFonts, rgb }, { encodeQR }] = await Promise.all([
    import('@cantoo/pdf-lib'),
    import('qr'),
  ])
  const pdf = await PDFDocument.create()
  pdf.setTitle(`Coupons: ${book}`)
  const grey = rgb(0.6, 0.6, 0.6)
  const pen = await penFor({ pdf, fonts: StandardFonts, drawScript })

  let page: PDFPage | undefined
  for (const [index, card] of cards.entries()) {
    const place = index % (COLUMNS * ROWS)
    if (place === 0) page = pdf.addPage([PAGE.width, PAGE.height])
    if (page === undefined) break
    const left = MARGIN + (place % COLUMNS) * CARD.width
    const top = PAGE.height - MARGIN - Math.floor(place / COLUMNS) * CARD.height
    const frame = { x: left, y: top - CARD.height, width: CARD.width, height: CARD.height }
    page.drawRectangle({ ...frame, borderColor: grey, borderWidth: 0.5, borderDashArray: [3, 3] })
    drawCode({
      page,
      rows: encodeQR(card.link, 'raw', { ecc: 'medium', border: QUIET }),
      black: rgb(0, 0, 0),
      left,
      top,
    })
    await write({ page, pen, card, left, top })
    if ((index + 1) % CARDS_AT_ONCE !== 0) continue
    onProgress(index + 1)
    await new Promise((resolve) => setTimeout(resolve))
  }
  onProgress(cards.length)
  return await pdf.save()
}

type Place = { page: PDFPage; left: number; top: number }

/** Runs of dark modules as one path, so that a page of codes stays small and sharp at any size. */
function drawCode({
  page,
  rows,
  black,
  left,
  top,
}: Place & { rows: boolean[][]; black: RGB }): void {
  const unit = CODE / rows.length
  const path = rows.flatMap((row, y) =>
    runsOf(row).map(({ from, to }) => `M${from} ${y}h${to - from}v1h${from - to}z`),
  )
  page.drawSvgPath(path.join(''), {
    x: left + PADDING / 2,
    y: top - (CARD.height - CODE) / 2,
    scale: unit,
    color: black,
  })
}

function runsOf(row: readonly boolean[]): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = []
  for (const [x, isDark] of row.entries()) {
    if (!isDark) continue
    const last = runs.at(-1)
    if (last?.to === x) last.to = x + 1
    else runs.push({ from: x, to: x + 1 })
  }
  return runs
}

async function write({ page, pen, card, left, top }: Place & { pen: Pen; card: Card }) {
  const x = left + CODE + PADDING
  const width = CARD.width - CODE - 2 * PADDING
  const lines = [
    { text: card.campaign, size: 13, isBold: true, most: 2, gap: 4 },
    { text: card.name, size: 12, isBold: false, most: 2, gap: 6 },
    { text: card.window, size: 9, isBold: false, most: 3, gap: 3 },
    { text: card.place, size: 9, isBold: false, most: 2, gap: 6 },
    { text: INSTRUCTION, size: 7.5, isBold: false, most: 4, gap: 6 },
    { text: card.id, size: 7, isBold: false, most: 2, gap: 0 },
  ]
  let y = top - PADDING
  for (const { gap, ...line } of lines) {
    const below = await pen.write({ page, x, y, width, ...line })
    if (below !== y) y = below - gap
  }
}
