// Chain, viem (protocol/) and ethers must agree to the byte, and with the golden vectors in protocol/vectors.
//
// The vectors are read, never rewritten, unless one asks for it:
//   WRITE_VECTORS=1 npx hardhat test mocha test/agreement.test.ts
// That writes what ethers says (decisions: what protocol/ says, nobody else decides) and still compares everything.
import { readFile, writeFile } from 'node:fs/promises'
import { expect } from 'chai'
import { id, Signature, Wallet } from 'ethers'
import { network } from 'hardhat'
import {
  couponsOf,
  isSeatUsed,
  packProof,
  proofOf,
  rootOf,
  serialAt,
  shardsOfIssue,
} from '@coupon-secure/protocol/coupon'
import { hashGeofence } from '@coupon-secure/protocol/geofence'
import {
  CLASSES,
  domainOf,
  hashRedeem,
  presenceTypes,
  toStatement,
} from '@coupon-secure/protocol/presence'
import type { Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { format, resolveConfig } from 'prettier'
import { decisionVectors } from './agreement-decisions.ts'
import {
  couponVectors,
  documents,
  geofenceVectors,
  presenceVectors,
  seatsToTry,
} from './agreement-vectors.ts'
import {
  CHAIN_ID,
  CLOSES_AT,
  ethersVoice,
  hex,
  holderAt,
  OPENS_AT,
  plain,
  presence,
  viemVoice,
  WITNESS,
  WITNESS_KEY,
} from './agreement-voices.ts'

const { ethers, networkHelpers } = await network.create()

const SIZES = [1, 2, 3, 100, 254, 255, 256, 600]

describe('agreement', () => {
  before(async () => {
    if (process.env.WRITE_VECTORS !== '1') return
    await writeVectors('coupon', couponVectors(ethersVoice))
    await writeVectors('presence', await presenceVectors(ethersVoice))
    await writeVectors('geofence', geofenceVectors(ethersVoice))
    await writeVectors('decision', decisionVectors())
  })

  for (const [name, voice] of Object.entries({ viem: viemVoice, ethers: ethersVoice })) {
    describe(`between ${name} and the vectors`, () => {
      it('has the same leaves, roots, proofs and ids', async () => {
        expect(couponVectors(voice)).to.deep.equal(await readVectors('coupon'))
      })

      it('has the same digests and signatures', async () => {
        expect(await presenceVectors(voice)).to.deep.equal(await readVectors('presence'))
      })

      it('has the same geofence hashes', async () => {
        expect(geofenceVectors(voice)).to.deep.equal(await readVectors('geofence'))
      })
    })
  }

  describe('between decide and the vectors', () => {
    it('has the same decisions', async () => {
      expect(decisionVectors()).to.deep.equal(await readVectors('decision'))
    })
  })

  describe('between the contract and protocol/', () => {
    it('has one domain for a new book', async () => {
      const { book } = await networkHelpers.loadFixture(openBook)
      const { fields, chainId, verifyingContract, name, version, salt, extensions } =
        await book.eip712Domain()
      const bookAddress = hex(await book.getAddress())
      expect({ chainId: Number(chainId), verifyingContract, name, version }).to.deep.equal(
        domainOf({ chainId: CHAIN_ID, book: bookAddress }),
      )
      expect(fields).to.equal('0x0f') // those four, and neither of the two below
      expect(salt).to.equal(ethers.ZeroHash)
      expect(extensions).to.deep.equal([])
    })

    for (const size of SIZES) {
      it(`rebuilds the shards of an issue of ${size} from its event`, async () => {
        const { book, campaignId } = await networkHelpers.loadFixture(openBook)
        await book.issue(campaignId, [holderAt(0)]) // so that the first shard is not shard 0
        const holders = Array.from({ length: size }, (_, index) => holderAt(index))
        await book.issue(campaignId, holders)

        const shards = await shardsFromEvents(book)
        expect(shards.flatMap((shard) => shard.holders)).to.deep.equal([holderAt(0), ...holders])
        expect(await book.shardCount(campaignId)).to.equal(BigInt(shards.length))
        for (const shard of shards) {
          const [used, revoked] = await book.seatsOf(campaignId, shard.index, rootOf(shard))
          const issued = shard.holders.map((_, seat) => isSeatUsed({ word: used, seat }))
          expect(issued).to.deep.equal(shard.holders.map(() => false))
          expect(isSeatUsed({ word: used, seat: shard.holders.length })).to.equal(true)
          expect(revoked).to.equal(0n)

          for (const seat of seatsToTry(shard.holders.length)) {
            const serial = serialAt({ shard: shard.index, seat })
            const proof = packProof(proofOf({ shard, seat }))
            const holder = shard.holders[seat]!
            expect(await book.isIssued(campaignId, serial, holder, proof)).to.equal(true)
            expect(await book.isIssued(campaignId, serial, WITNESS, proof)).to.equal(false)
          }
        }
      })
    }

    for (const [name, sign] of Object.entries({ viem: signByViem, ethers: signByEthers })) {
      it(`accepts a presence signed by ${name}, in either form`, async () => {
        const { book, campaignId, geofenceHash, holder } =
          await networkHelpers.loadFixture(openBook)
        const holderAddress = hex(holder.address)
        await book.issue(campaignId, [holderAt(1), holderAddress, holderAt(2), holderAddress])
        const coupons = couponsOf({
          shards: await shardsFromEvents(book),
          holder: holderAddress,
        })
        expect(coupons).to.have.length(2)

        for (const [index, coupon] of coupons.entries()) {
          const signed = {
            campaignId,
            serial: coupon.serial,
            holder: holderAddress,
            site: 1,
            geofenceHash,
            observedAt: BigInt(OPENS_AT),
            validUntil: BigInt(OPENS_AT + 300),
            evidenceHash: presence.evidenceHash,
          }
          const signature = await sign({ book: hex(await book.getAddress()), signed })
          const statement = toStatement({
            presence: signed,
            signature: index === 0 ? signature : hex(Signature.from(signature).compactSerialized),
          })
          const { serial } = coupon
          const proof = packProof(coupon.proof)
          await expect(book.connect(holder).redeem(campaignId, serial, [statement], 1, proof))
            .to.emit(book, 'CouponRedeemed')
            .withArgs(campaignId, serial, holderAddress, 1)
          expect(await book.statusOf(campaignId, serial, holderAddress, proof)).to.equal(2n)
        }
      })
    }

    it('accepts a Redeem signed over protocol/’s digest, sent by somebody else', async () => {
      const { book, campaignId, geofenceHash } = await networkHelpers.loadFixture(openBook)
      const account = privateKeyToAccount(hex(id('coupon-secure vector holder key')))
      await book.issue(campaignId, [account.address])
      const [coupon] = couponsOf({ shards: await shardsFromEvents(book), holder: account.address })
      const bookAddress = hex(await book.getAddress())
      const { serial } = coupon!
      const deadline = BigInt(CLOSES_AT)
      const signature = await account.sign({
        hash: hashRedeem({
          chainId: CHAIN_ID,
          book: bookAddress,
          redeem: { campaignId, serial, site: 1, deadline },
        }),
      })
      const signed = {
        ...presence,
        campaignId,
        serial,
        holder: account.address,
        site: 1,
        geofenceHash,
        observedAt: BigInt(OPENS_AT),
        validUntil: BigInt(OPENS_AT + 300),
      }
      const statement = toStatement({
        presence: signed,
        signature: await signByViem({ book: bookAddress, signed }),
      })
      await expect(
        book.redeemFor(
          campaignId,
          serial,
          [statement],
          1,
          packProof(coupon!.proof),
          account.address,
          deadline,
          signature,
        ),
      )
        .to.emit(book, 'CouponRedeemed')
        .withArgs(campaignId, serial, account.address, 1)
    })
  })
})

async function openBook() {
  const [organiser, holder] = await ethers.getSigners()
  const implementation = await ethers.deployContract('CouponBook')
  const factory = await ethers.deployContract('CouponBookFactory', [implementation])
  const witness = {
    key: WITNESS,
    classes: CLASSES.location,
    site: 0,
    validFrom: 0,
    validUntil: CLOSES_AT,
  }
  await factory.createBook('Agreement', [witness], ethers.ZeroHash)
  const [created] = await factory.queryFilter(factory.filters.BookCreated())
  const book = await ethers.getContractAt('CouponBook', created!.args.book, organiser)
  const geofenceHash = hashGeofence(documents().venue)
  await book.createCampaign(
    'Lunch',
    {
      opensAt: OPENS_AT,
      closesAt: CLOSES_AT,
      heldUntil: 0,
      grace: 0,
      supply: 1000,
      sites: 3,
      requiredWitnesses: CLASSES.location,
      geofenceHash,
    },
    '',
  )
  await networkHelpers.time.increaseTo(OPENS_AT)
  return { book, campaignId: 1n, geofenceHash, holder: holder! }
}

type Book = Awaited<ReturnType<typeof openBook>>['book']

async function shardsFromEvents(book: Book) {
  const events = await book.queryFilter(book.filters.Issued())
  return events.flatMap(({ args }) =>
    shardsOfIssue({
      campaignId: args.campaignId,
      firstShard: args.firstShard,
      holders: args.holders.map(hex),
    }),
  )
}

type Signing = { book: Hex; signed: typeof presence }

function signByViem({ book, signed }: Signing): Promise<Hex> {
  return privateKeyToAccount(WITNESS_KEY).signTypedData({
    domain: domainOf({ chainId: CHAIN_ID, book }),
    types: presenceTypes,
    primaryType: 'Presence',
    message: signed,
  })
}

async function signByEthers({ book, signed }: Signing): Promise<Hex> {
  const domain = { name: 'Coupon Secure', version: '1', chainId: CHAIN_ID, verifyingContract: book }
  return hex(await new Wallet(WITNESS_KEY).signTypedData(domain, plain(presenceTypes), signed))
}

async function readVectors(name: string): Promise<unknown> {
  return JSON.parse(await readFile(vectorsFile(name), 'utf8'))
}

async function writeVectors(name: string, vectors: unknown): Promise<void> {
  const file = vectorsFile(name)
  const options = { ...(await resolveConfig(file.pathname)), parser: 'json' }
  await writeFile(file, await format(JSON.stringify(vectors), options))
}

function vectorsFile(name: string): URL {
  return new URL(`../protocol/vectors/${name}.json`, import.meta.url)
}
