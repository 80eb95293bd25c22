import { expect } from 'chai'
import type { Hex } from 'viem'
import vectors from '../vectors/presence.json' with { type: 'json' }
import { toStatement } from './presence.ts'
import { addressField, hexField } from './wire-fields.ts'
import { presenceSchema } from './wire.ts'
import { signerOf, witnessOf } from './witness.ts'

const chainId = vectors.chainId
const book = addressField.parse(vectors.book)
const witness = addressField.parse(vectors.witness)
const presence = presenceSchema.parse(vectors.presence.message)
const signature = hexField({ from: 65, to: 65 }).parse(vectors.presence.signature)
const statement = toStatement({ presence, signature })
const { campaignId, serial, holder, site } = presence
const asked = { chainId, book, campaignId, serial, holder, site, statement }

describe('witnessOf', () => {
  it('is whose key signed the vector', async () => {
    expect(await witnessOf(asked)).to.equal(witness)
  })

  for (const [what, change] of [
    ['chain', { chainId: 1 }],
    ['book', { book: witness }],
    ['campaign', { campaignId: 8n }],
    ['coupon', { serial: 1n }],
    ['holder', { holder: witness }],
    ['site', { site: 4 }],
    ['geofence', { statement: { ...statement, geofenceHash: statement.evidenceHash } }],
    ['time', { statement: { ...statement, validUntil: statement.validUntil + 1n } }],
  ] as const) {
    it(`is somebody else for another ${what}`, async () => {
      expect(await witnessOf({ ...asked, ...change })).not.to.equal(witness)
    })
  }

  it('is nobody where the signature is broken', async () => {
    const high: Hex = `0x7${'f'.repeat(63)}` // the upper of two s: good to the curve, not to the contract
    const hash = statement.evidenceHash
    for (const [r, vs] of [
      [statement.r, high],
      [`0x${'00'.repeat(32)}`, statement.vs],
      [`0x${'ff'.repeat(32)}`, statement.vs],
      [statement.r, `0x${'00'.repeat(32)}`],
    ] as const) {
      expect(await signerOf({ hash, r, vs }), `${r} ${vs}`).to.equal(undefined)
    }
  })
})
