import { RULESET } from '@coupon-secure/protocol/evidence'
import { hashRefusal } from '@coupon-secure/protocol/refusal'
import { type RefusalAnswer, refusalAnswerSchema } from '@coupon-secure/protocol/wire'
import { expect } from 'chai'
import { TypedDataEncoder, verifyTypedData } from 'ethers'
import { keccak256, toHex } from 'viem'
import { privateKeyToAccount, sign, serializeSignature } from 'viem/accounts'
import { fileOf, proofOf, refusalsOf, wired } from './refusals.ts'

const key = keccak256(toHex('the oracle of this test'))
const oracle = privateKeyToAccount(key)
const holder = '0x337201b5882056C2404587bda79e8Bbd61FB0EB5'
const pocket = {
  chainId: 31337,
  book: '0x22962f573256D13222749Ad5cB8C86a96eB4955E',
  holder,
} as const
const coupon = { campaignId: 2n, serial: 7n }
const isWitness = (asked: string) => Promise.resolve(asked === oracle.address)

async function refusedAt(seconds: bigint): Promise<RefusalAnswer> {
  const code = 'OUTSIDE_GEOFENCE'
  const challenge = keccak256(toHex(seconds))
  const refusal = { ...coupon, holder, code, refusedAt: seconds, evidenceHash: challenge } as const
  const signature = serializeSignature(
    await sign({ hash: hashRefusal({ ...pocket, refusal }), privateKey: key }),
  )
  return {
    granted: false,
    code,
    message: 'No.',
    requestId: 'r',
    refusal,
    signature,
    opening: { ruleset: RULESET, challenge, evidence: { source: 'browser', fixes: [] } },
    logged: { index: 3, loggedAt: Number(seconds) },
  }
}

function shelf() {
  const kept = new Map<string, string>()
  return {
    kept,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  }
}

describe('refusals', () => {
  it('are kept with their coupon, the newest five, and survive as they were', async () => {
    const refusals = refusalsOf({ shelf: shelf(), pocket })
    const all = await Promise.all([1n, 2n, 3n, 4n, 5n, 6n].map(refusedAt))
    for (const refused of all) refusals.keep({ coupon, refused })
    expect(refusals.read(coupon)).to.deep.equal(all.toReversed().slice(0, 5))
    expect(refusals.read({ ...coupon, serial: 8n })).to.deep.equal([])
  })

  it('are none where the shelf has nonsense, or takes nothing', async () => {
    const broken = shelf()
    const refusals = refusalsOf({ shelf: broken, pocket })
    refusals.keep({ coupon, refused: await refusedAt(1n) })
    const [name] = broken.kept.keys()
    for (const nonsense of ['{', '{}', '[{}]', 'null', '[null]']) {
      broken.kept.set(name!, nonsense)
      expect(refusals.read(coupon)).to.deep.equal([])
    }
    const full = {
      ...shelf(),
      setItem: () => {
        throw new Error('full')
      },
    }
    refusalsOf({ shelf: full, pocket }).keep({ coupon, refused: await refusedAt(1n) })
  })

  it('prove something when a witness of the book signed them', async () => {
    const refused = await refusedAt(1n)
    expect(await proofOf({ pocket, refused, isWitness })).to.deep.equal({
      signer: oracle.address,
      isOfWitness: true,
    })
    const strangers = await proofOf({ pocket, refused, isWitness: () => Promise.resolve(false) })
    expect(strangers.isOfWitness).to.equal(false)
    const changes: Partial<RefusalAnswer>[] = [
      { refusal: { ...refused.refusal, code: 'FIX_STALE' } },
      { refusal: { ...refused.refusal, refusedAt: 2n } },
      { refusal: { ...refused.refusal, holder: pocket.book } },
      { signature: `0x${'11'.repeat(65)}` },
      { signature: `0x${'ff'.repeat(65)}` },
    ]
    for (const change of changes) {
      const proof = await proofOf({ pocket, refused: { ...refused, ...change }, isWitness })
      expect(proof.isOfWitness).to.equal(false)
    }
    const elsewhere = { ...pocket, chainId: 1 }
    expect((await proofOf({ pocket: elsewhere, refused, isWitness })).isOfWitness).to.equal(false)
  })

  it('come out as they came over the wire', async () => {
    const refused = await refusedAt(1n)
    expect(refusalAnswerSchema.parse(wired(refused))).to.deep.equal(refused)
  })

  it('go into a file that any tool for typed data can check', async () => {
    const refused = await refusedAt(1_800_000_000n)
    const file = JSON.parse(fileOf({ pocket, refused }))
    const { domain, types, message, primaryType } = file.typed
    expect(TypedDataEncoder.from(types).primaryType).to.equal(primaryType)
    expect(verifyTypedData(domain, types, message, file.signature)).to.equal(oracle.address)
    expect(file.logged).to.deep.equal(refused.logged)
    expect(file.opening).to.deep.equal(refused.opening)
  })
})
