import { expect } from 'chai'
import { kindOf } from './list-file.ts'

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex.padEnd(64, '20'), 'hex'))
const codeOf = (bytes: Uint8Array, size = bytes.length) => {
  const kind = kindOf({ size, bytes })
  return kind.ok ? kind.kind : kind.problem.code
}

describe('kindOf', () => {
  it('knows lists by their first bytes, whatever the name says', () => {
    expect(codeOf(new TextEncoder().encode('name,wallet\n'))).to.equal('text')
    expect(codeOf(bytesOf('fffe6e0061006d00'))).to.equal('text')
    expect(codeOf(bytesOf('504b0304'))).to.equal('workbook')
  })

  it('refuses pictures, documents and whatever is no text, each by its name', () => {
    for (const [start, what] of [
      ['89504e470d0a1a0a', 'PNG'],
      ['ffd8ffe0', 'JPEG'],
      ['474946383961', 'GIF'],
      ['524946460000000057454250', 'picture'],
      ['0000001c66747970686569', 'picture'],
      ['255044462d', 'PDF'],
    ] as const) {
      const kind = kindOf({ size: 32, bytes: bytesOf(start) })
      expect(kind.ok ? '' : kind.problem.message, start).to.contain(what)
    }
    expect(codeOf(bytesOf('d0cf11e0a1b11ae1'))).to.equal('FILE_IS_OLD_EXCEL')
    expect(codeOf(bytesOf('7f454c4600'))).to.equal('FILE_IS_NO_TEXT')
  })

  it('refuses what is empty or larger than thirty megabytes', () => {
    expect(codeOf(new Uint8Array())).to.equal('FILE_EMPTY')
    expect(codeOf(bytesOf('6e616d65'), 30_000_000)).to.equal('text')
    expect(codeOf(bytesOf('6e616d65'), 30_000_001)).to.equal('FILE_TOO_LARGE')
  })
})
