import { expect } from 'chai'
import { serializeCompactSignature, recoverAddress, type Hex } from 'viem'
import vectors from '../vectors/presence.json' with { type: 'json' }
import {
  domainOf,
  hashClaim,
  hashPresence,
  hashRedeem,
  hashSession,
  SignatureFormError,
  toStatement,
} from './presence.ts'
import { addressField, bytes32Field, hexField } from './wire-fields.ts'
import { presenceSchema } from './wire.ts'

const chainId = vectors.chainId
const book = addressField.parse(vectors.book)
const witness = addressField.parse(vectors.witness)
const presence = presenceSchema.parse(vectors.presence.message)
const signature = hexField({ from: 65, to: 65 }).parse(vectors.presence.signature)
const challenge = bytes32Field.parse(vectors.claim.message.challenge)

describe('presence', () => {
  it('has the domain that books have', () => {
    expect(domainOf({ chainId, book })).to.deep.equal({
      name: 'Coupon Secure',
      version: '1',
      chainId: 31337,
      verifyingContract: book,
    })
  })

  describe('digests', () => {
    it('are those of the vectors', () => {
      const { redeem, session, claim } = vectors
      expect(hashPresence({ chainId, book, presence })).to.equal(vectors.presence.digest)
      expect(
        hashRedeem({
          chainId,
          book,
          redeem: {
            campaignId: BigInt(redeem.message.campaignId),
            serial: BigInt(redeem.message.serial),
            site: redeem.message.site,
            deadline: BigInt(redeem.message.deadline),
          },
        }),
      ).to.equal(redeem.digest)
      expect(
        hashSession({
          chainId,
          book,
          session: {
            holder: addressField.parse(session.message.holder),
            publicKey: hexField({ from: 65, to: 65 }).parse(session.message.publicKey),
            expiresAt: BigInt(session.message.expiresAt),
          },
        }),
      ).to.equal(session.digest)
      expect(
        hashClaim({
          chainId,
          book,
          claim: {
            campaignId: BigInt(claim.message.campaignId),
            serial: BigInt(claim.message.serial),
            holder: addressField.parse(claim.message.holder),
            challenge: bytes32Field.parse(claim.message.challenge),
            evidenceHash: bytes32Field.parse(claim.message.evidenceHash),
          },
        }),
      ).to.equal(claim.digest)
    })

    it('differ with every field, the chain and the book', () => {
      const others: Hex[] = [
        hashPresence({ chainId, book, presence }),
        hashPresence({ chainId: 1, book, presence }),
        hashPresence({ chainId, book: witness, presence }),
        ...[
          { ...presence, campaignId: 8n },
          { ...presence, serial: 1n },
          { ...presence, holder: witness },
          { ...presence, site: 4 },
          { ...presence, geofenceHash: challenge },
          { ...presence, observedAt: 1n },
          { ...presence, validUntil: 1n },
          { ...presence, evidenceHash: challenge },
        ].map((changed) => hashPresence({ chainId, book, presence: changed })),
      ]
      expect(new Set(others).size).to.equal(others.length)
    })
  })

  describe('toStatement', () => {
    const r = bytes32Field.parse(vectors.presence.r)
    const vs = bytes32Field.parse(vectors.presence.vs)
    const compact = serializeCompactSignature({ r, yParityAndS: vs })
    const { geofenceHash, observedAt, validUntil, evidenceHash } = presence
    const expected = { r, vs, geofenceHash, observedAt, validUntil, evidenceHash }

    it('takes 65 bytes and 64', async () => {
      expect(toStatement({ presence, signature })).to.deep.equal(expected)
      expect(toStatement({ presence, signature: compact })).to.deep.equal(expected)
      const hash = hashPresence({ chainId, book, presence })
      expect(await recoverAddress({ hash, signature })).to.equal(witness)
    })

    it('takes v as 0 and 1 too', () => {
      const v = Number(`0x${signature.slice(-2)}`) - 27
      const other: Hex = `${withoutV(signature)}0${v}`
      expect(toStatement({ presence, signature: other })).to.deep.equal(expected)
    })

    it('tells the two parities apart', () => {
      const [even, odd] = (['1b', '1c'] as const).map((v) =>
        toStatement({ presence, signature: `${withoutV(signature)}${v}` }),
      )
      expect(even!.r).to.equal(odd!.r)
      expect(BigInt(odd!.vs) - BigInt(even!.vs)).to.equal(2n ** 255n)
    })

    it('refuses a high s, another v, and any other length', () => {
      const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
      const s = BigInt(`0x${signature.slice(66, 130)}`)
      const high: Hex = `0x${signature.slice(2, 66)}${(order - s).toString(16)}${signature.slice(-2)}`
      for (const broken of [
        high,
        `${withoutV(signature)}1d`,
        `${signature}00`,
        compact.slice(0, -2),
        compact.slice(0, -1), // half a byte is none
        signature.slice(0, -1),
        '0x',
        `0x${'zz'.repeat(65)}`,
      ]) {
        const signed = { presence, signature: asHex(broken) }
        expect(() => toStatement(signed), broken).to.throw(SignatureFormError)
      }
    })
  })
})

function withoutV(signature: Hex): Hex {
  return asHex(signature.slice(0, -2))
}

/** Not checked: broken text must be able to pass for Hex, as it would from plain JavaScript. */
function asHex(text: string): Hex {
  return `0x${text.slice(2)}`
}
