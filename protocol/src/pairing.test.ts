import { expect } from 'chai'
import { PAIRING_BYTES, pairingCodeOf, readPairingCode } from './pairing.ts'
import { generator } from './random.fixture.ts'

const random = generator(20)
const newCode = () =>
  pairingCodeOf(Uint8Array.from({ length: PAIRING_BYTES }, () => Math.floor(256 * random())))

describe('a pairing code', () => {
  it('is sixteen digits in four groups, and another each time', () => {
    const codes = new Set(Array.from({ length: 500 }, newCode))
    expect(codes.size).to.equal(500)
    for (const code of codes) {
      expect(code).to.match(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/)
      expect(readPairingCode(code)).to.equal(code)
    }
  })

  it('uses all its digits alike', () => {
    const seen = new Map<string, number>()
    const all = Array.from({ length: 3_200 }, () => newCode().replaceAll('-', '').slice(0, 15))
    for (const digit of all.join('')) seen.set(digit, (seen.get(digit) ?? 0) + 1)
    expect(seen.size).to.equal(32)
    for (const [digit, count] of seen) expect(count, digit).to.be.within(1_250, 1_750) // 1,500 each
  })

  it('is read however it was typed, and at the end of an address', () => {
    const code = newCode()
    for (const typed of [
      code.toLowerCase(),
      code.replaceAll('-', ' '),
      ` ${code.replaceAll('-', '')} `,
      code.replaceAll('0', 'o').replaceAll('1', 'l'),
      `https://coupons.example/there#${code}`,
    ]) {
      expect(readPairingCode(typed), typed).to.equal(code)
    }
  })

  it('tells a wrong digit, two that changed places, and what is none', () => {
    const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
    const code = newCode().replaceAll('-', '')
    for (const [place, digit] of Array.from(code).entries()) {
      for (const other of digits.replace(digit, '')) {
        const wrong = code.slice(0, place) + other + code.slice(place + 1)
        expect(readPairingCode(wrong), wrong).to.equal(undefined)
      }
      const next = code[place + 1]
      const apart = digits.indexOf(digit) - digits.indexOf(next ?? digit)
      if (apart % 16 === 0 || place === 14) continue
      const swapped = code.slice(0, place) + String(next) + digit + code.slice(place + 2)
      expect(readPairingCode(swapped), swapped).to.equal(undefined)
    }
    for (const none of ['', '#', 'CSC1.31337.abc', `${code}0`, code.slice(1), '🍛'.repeat(16)]) {
      expect(readPairingCode(none), none).to.equal(undefined)
    }
  })
})
