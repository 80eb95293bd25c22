import { domainOf } from '@coupon-secure/protocol/presence'
import { expect } from 'chai'
import { hashClaim } from '@coupon-secure/protocol/presence'
import { bytesToHex, hexToBytes, numberToHex, parseSignature, slice, type Hex } from 'viem'
import { createAuthorisationCheck } from './authorisation.ts'
import { ChainUnavailableError } from '@coupon-secure/service/errors'
import {
  book,
  CHAIN_ID,
  claimOf,
  freshCoupon,
  NOW,
  openSession,
  otherBook,
  SECONDS,
  signedByHolder,
  stranger,
} from './rehearsal.ts'

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const WEEK = 7 * 24 * 60 * 60
const claim = claimOf({ coupon: freshCoupon(), challenge: `0x${'c1'.repeat(32)}` })
const otherClaim = { ...claim, serial: claim.serial + 1n }
const digest = hashClaim({ chainId: CHAIN_ID, book, claim })

describe('authorisation', () => {
  let asked: Hex[] = []
  let approved: Hex | undefined
  const check = createAuthorisationCheck({
    chainId: CHAIN_ID,
    chain: {
      approves: ({ digest }) => {
        asked.push(digest)
        return Promise.resolve(digest === approved)
      },
    },
  })
  beforeEach(() => {
    asked = []
    approved = undefined
  })

  describe('by the holder', () => {
    it('is theirs when they signed this claim, without asking the chain', async () => {
      const authorisation = await signedByHolder({ claim })
      expect(await check({ book, claim, authorisation, now: NOW })).to.equal('authorised')
      expect(asked).to.deep.equal([])
    })

    it('is nobody’s when somebody else signed it', async () => {
      const authorisation = await signedByHolder({ claim, by: stranger })
      expect(await check({ book, claim, authorisation, now: NOW })).to.equal('SIGNATURE_INVALID')
    })

    it('covers this claim, book and chain only', async () => {
      const elsewhere = [
        await signedByHolder({ claim: otherClaim }),
        await signedByHolder({ claim: { ...claim, challenge: `0x${'c2'.repeat(32)}` } }),
        await signedByHolder({ claim: { ...claim, evidenceHash: `0x${'e2'.repeat(32)}` } }),
        await signedByHolder({ claim, domain: domainOf({ chainId: CHAIN_ID, book: otherBook }) }),
        await signedByHolder({ claim, domain: domainOf({ chainId: 1, book }) }),
      ]
      for (const authorisation of elsewhere) {
        expect(await check({ book, claim, authorisation, now: NOW })).to.equal('SIGNATURE_INVALID')
      }
    })

    it('has one form: the low s, 65 bytes, every bit of them', async () => {
      const { signature } = await signedByHolder({ claim })
      const { r, s, yParity } = parseSignature(signature)
      const highS = numberToHex(ORDER - BigInt(s), { size: 32 })
      const bent: Hex[] = [
        `${r}${highS.slice(2)}${yParity === 0 ? '1c' : '1b'}`,
        slice(signature, 0, 64),
        `${signature}00`,
        `0x${'00'.repeat(65)}`,
        ...[0, 31, 32, 63, 64].map((at) => flipped({ signature, at })),
      ]
      for (const signature of bent) {
        const authorisation = { kind: 'holder' as const, signature }
        const verdict = await check({ book, claim, authorisation, now: NOW })
        expect(verdict, signature).to.equal('SIGNATURE_INVALID')
      }
    })

    it('may be a contract’s, if the contract says so', async () => {
      const authorisation = { kind: 'holder' as const, signature: `0x${'ab'.repeat(200)}` as const }
      expect(await check({ book, claim, authorisation, now: NOW })).to.equal('SIGNATURE_INVALID')
      approved = digest
      expect(await check({ book, claim, authorisation, now: NOW })).to.equal('authorised')
      expect(asked).to.deep.equal([digest, digest])
    })

    it('stays undecided while the chain is away', async () => {
      const away = createAuthorisationCheck({
        chainId: CHAIN_ID,
        chain: { approves: () => Promise.reject(new ChainUnavailableError({ reason: 'away' })) },
      })
      const authorisation = await signedByHolder({ claim, by: stranger })
      const error = await away({ book, claim, authorisation, now: NOW }).catch(
        (one: unknown) => one,
      )
      expect(error).to.be.instanceOf(ChainUnavailableError)
    })
  })

  describe('by a session key', () => {
    it('is the holder’s while the session lasts', async () => {
      const { sign } = await openSession()
      const authorisation = await sign(claim)
      expect(await check({ book, claim, authorisation, now: NOW })).to.equal('authorised')
      expect(await check({ book, claim, authorisation, now: NOW })).to.equal('authorised')
    })

    it('covers this claim and book only', async () => {
      const { sign } = await openSession()
      const authorisation = await sign(otherClaim)
      expect(await check({ book, claim, authorisation, now: NOW })).to.equal('SIGNATURE_INVALID')
      const right = await sign(claim)
      const elsewhere = await check({ book: otherBook, claim, authorisation: right, now: NOW })
      expect(elsewhere).to.equal('SIGNATURE_INVALID')
    })

    it('is nobody’s when the holder did not open the session', async () => {
      const { sign } = await openSession({ by: stranger })
      const authorisation = await sign(claim)
      expect(await check({ book, claim, authorisation, now: NOW })).to.equal('SIGNATURE_INVALID')
    })

    it('is nobody’s with another’s key, another end, or a point off the curve', async () => {
      const mine = await (await openSession()).sign(claim)
      const other = await (await openSession()).sign(claim)
      await check({ book, claim, authorisation: mine, now: NOW }) // seen once, and still strict
      for (const change of [
        { publicKey: other.publicKey },
        { signature: other.signature },
        { publicKey: other.publicKey, signature: other.signature },
        { holderSignature: other.holderSignature },
        { expiresAt: mine.expiresAt + 1 },
        { publicKey: `0x04${'11'.repeat(64)}` as const },
        { signature: `0x${'00'.repeat(64)}` as const },
      ]) {
        const authorisation = { ...mine, ...change }
        const verdict = await check({ book, claim, authorisation, now: NOW })
        expect(verdict, JSON.stringify(change)).to.equal('SIGNATURE_INVALID')
      }
    })

    it('ends in its second', async () => {
      const authorisation = await (await openSession({ expiresAt: SECONDS })).sign(claim)
      const just = SECONDS * 1000 - 1
      expect(await check({ book, claim, authorisation, now: just })).to.equal('authorised')
      expect(await check({ book, claim, authorisation, now: NOW })).to.equal('SESSION_EXPIRED')
    })

    it('lasts a week at most', async () => {
      const week = await (await openSession({ expiresAt: SECONDS + WEEK })).sign(claim)
      const longer = await (await openSession({ expiresAt: SECONDS + WEEK + 1 })).sign(claim)
      expect(await check({ book, claim, authorisation: week, now: NOW })).to.equal('authorised')
      const verdict = await check({ book, claim, authorisation: longer, now: NOW })
      expect(verdict).to.equal('SESSION_TOO_LONG')
    })
  })
})

function flipped({ signature, at }: { signature: Hex; at: number }): Hex {
  const bytes = hexToBytes(signature)
  return bytesToHex(bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)))
}
