import { expect } from 'chai'
import type { Hex } from 'viem'
import { type ClaimLink, readClaimLink, writeClaimLink } from './claim-link.ts'

const link: ClaimLink = {
  chainId: 31337,
  book: '0xF39fD6e51aad88F6F4ce6aB8827279cffFb92266',
  key: `0x${'0123456789abcdef'.repeat(4)}`,
}
const FRAGMENT =
  'CSC1.31337.85_W5RqtiPb0zmq4gnJ5z_-5ImY.ASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4mrze8.'
const text = writeClaimLink(link)
const problemOf = (given: string) => {
  const read = readClaimLink(given)
  return read.ok ? 'none' : read.problem
}
const withKey = (key: Hex) => problemOf(writeClaimLink({ ...link, key }))

describe('a claim link', () => {
  it('is what the protocol says, and is read back as a fragment or at the end of an address', () => {
    expect(text.slice(0, -6)).to.equal(FRAGMENT)
    for (const given of [text, `#${text}`, ` https://coupons.example/c#${text}\n`]) {
      const read = readClaimLink(given)
      expect(read.ok && read.link).to.deep.equal({
        ...link,
        book: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
      })
    }
  })

  it('says that it was cut, wherever that was', () => {
    for (let length = 4; length < text.length; length += 1) {
      expect(problemOf(text.slice(0, length)), text.slice(0, length)).to.equal('CLAIM_LINK_CUT')
    }
  })

  it('notices every changed digit', () => {
    const digits = Array.from(text)
    for (const [at, digit] of digits.entries()) {
      if (at < 5) continue // the mark
      const other = digit === 'A' ? 'B' : digit === '.' ? 'x' : digit === '7' ? '6' : 'A'
      expect(problemOf(digits.with(at, other).join('')), `at ${at}`).not.to.equal('none')
    }
    expect(problemOf(digits.with(-20, digits.at(-20) === 'A' ? 'B' : 'A').join(''))).to.equal(
      'CLAIM_LINK_DAMAGED',
    )
  })

  it('tells what is missing from what is foreign', () => {
    expect(problemOf('')).to.equal('CLAIM_LINK_MISSING')
    expect(problemOf('https://coupons.example/c#')).to.equal('CLAIM_LINK_MISSING')
    for (const foreign of ['CSB1.7.1.1800000000', `x${text}`, `${text}A`, 'https://example.org']) {
      expect(problemOf(foreign), foreign).to.equal('CLAIM_LINK_FOREIGN')
    }
  })

  it('takes no key that is none', () => {
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const hex = (number: bigint): Hex => `0x${number.toString(16).padStart(64, '0')}`
    expect(withKey(hex(0n))).to.equal('CLAIM_LINK_DAMAGED')
    expect(withKey(hex(order))).to.equal('CLAIM_LINK_DAMAGED')
    expect(withKey(hex(1n))).to.equal('none')
    expect(withKey(hex(order - 1n))).to.equal('none')
  })
})
