// Over any message and by any key, what viem and ethers sign in the domain that a book describes is what the book
// reads: it names exactly the key that signed. One wrong bit in its own digest, and it would name somebody else.
import { expect } from 'chai'
import { getAddress, id, toBeHex, TypedDataEncoder, Wallet } from 'ethers'
import { network } from 'hardhat'
import type { NetworkConnection } from 'hardhat/types/network'
import { packBatch } from '@coupon-secure/protocol/batch'
import {
  domainOf,
  hashPresence,
  hashRedeem,
  presenceTypes,
  redeemTypes,
  toStatement,
  type Presence,
  type Redeem,
} from '@coupon-secure/protocol/presence'
import type { Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { hex, plain } from './agreement-voices.ts'
import { chain, emptyBook, LOCATION } from './book-fixture.ts'

const MESSAGES = 24
const MOST_SITES = 2 ** 16 - 1
const CAMPAIGNS = 3

type Domain = { name: string; version: string; chainId: number; verifyingContract: Hex }
type Signing<Message> = { key: Hex; domain: Domain; message: Message }
type Voice = {
  presence: (signing: Signing<Presence>) => Promise<Hex>
  redeem: (signing: Signing<Redeem>) => Promise<Hex>
}

const voices: Record<string, Voice> = {
  viem: {
    presence: ({ key, ...signing }) =>
      privateKeyToAccount(key).signTypedData({
        ...signing,
        types: presenceTypes,
        primaryType: 'Presence',
      }),
    redeem: ({ key, ...signing }) =>
      privateKeyToAccount(key).signTypedData({
        ...signing,
        types: redeemTypes,
        primaryType: 'Redeem',
      }),
  },
  ethers: {
    presence: async ({ key, domain, message }) =>
      hex(await new Wallet(key).signTypedData(domain, plain(presenceTypes), message)),
    redeem: async ({ key, domain, message }) =>
      hex(await new Wallet(key).signTypedData(domain, plain(redeemTypes), message)),
  },
}

for (const chainId of [31_337, 8_453]) {
  const connection = await network.create({ override: { ...chain.override, chainId } })
  const { ethers, networkHelpers } = connection

  describe(`agreement of digests, on chain ${chainId}`, () => {
    it('describes its domain to the field, and it is that of protocol/ and of ethers', async () => {
      const { book, address } = await networkHelpers.loadFixture(openBook)
      const { fields, salt, extensions } = await book.eip712Domain()
      expect([fields, salt, [...extensions]]).to.deep.equal(['0x0f', ethers.ZeroHash, []])
      expect(await domainIn(book)).to.deep.equal(domainOf({ chainId, book: hex(address) }))
    })

    for (const [name, voice] of Object.entries(voices)) {
      it(`reads what ${name} signs as a Presence`, async () => {
        const { book, address, stranger } = await networkHelpers.loadFixture(openBook)
        const domain = await domainIn(book)
        for (const [i, message] of messages().entries()) {
          const key = keyOf(i)
          const presence = { ...message, ...seen(i) }
          expect(hashPresence({ chainId, book: hex(address), presence })).to.equal(
            TypedDataEncoder.hash(domain, plain(presenceTypes), presence),
          )
          const signature = await voice.presence({ key, domain, message: presence })
          const statement = toStatement({ presence, signature })
          const { campaignId, serial, site, holder } = presence
          const [isRedeemable, why] = await book
            .connect(stranger)
            .canRedeem(campaignId, serial, [statement], site, '0x', holder)
          expect(isRedeemable).to.equal(false)
          const { name: error, args } = book.interface.parseError(why)!
          expect([error, ...args]).to.deep.equal(['NotAWitness', new Wallet(key).address])
        }
      })

      it(`reads what ${name} signs as a Redeem, sent alone`, async () => {
        const { book, address, closesAt } = await networkHelpers.loadFixture(openBook)
        const domain = await domainIn(book)
        for (const [i, { campaignId, serial, site }] of messages().entries()) {
          const key = keyOf(i)
          const left = wholeFor({ what: 'deadline', i, limit: 2n ** 64n - BigInt(closesAt) })
          const redeem = { campaignId, serial, site, deadline: BigInt(closesAt) + left }
          expect(hashRedeem({ chainId, book: hex(address), redeem })).to.equal(
            TypedDataEncoder.hash(domain, plain(redeemTypes), redeem),
          )
          const signature = await voice.redeem({ key, domain, message: redeem })
          const send = (holder: string) =>
            book.redeemFor.staticCall(
              campaignId,
              serial,
              [],
              site,
              '0x',
              holder,
              redeem.deadline,
              signature,
            )
          // Past the signature, the next thing that is missing is presence.
          await expect(send(new Wallet(key).address))
            .to.be.revertedWithCustomError(book, 'PresenceMissing')
            .withArgs(LOCATION, 0)
          const another = new Wallet(keyOf(i + 1)).address
          await expect(send(another))
            .to.be.revertedWithCustomError(book, 'HolderSignatureInvalid')
            .withArgs(another)
        }
      })

      it(`reads what ${name} signs as a Redeem, in a batch`, async () => {
        const { book, closesAt } = await networkHelpers.loadFixture(openBook)
        const domain = await domainIn(book)
        const holders = new Map<bigint, string>()
        const items = await Promise.all(
          Array.from({ length: MESSAGES }, async (_, i) => {
            const key = keyOf(i)
            const serial = wholeFor({ what: 'serial', i, limit: 2n ** 40n })
            const left = wholeFor({ what: 'deadline', i, limit: 2n ** 32n - BigInt(closesAt) })
            const deadline = BigInt(closesAt) + left
            const message = { campaignId: 2n, serial, site: MOST_SITES, deadline }
            const signature = await voice.redeem({ key, domain, message })
            holders.set(serial, new Wallet(key).address)
            return { serial, proof: [], deadline, signature, statements: [] }
          }),
        )
        const packed = packBatch({ items })
        await book.redeemBatch(2, MOST_SITES, packed.items, [], { gasLimit: 4_000_000 })
        const refused = await book.queryFilter(book.filters.RedemptionRefused(2))
        expect(new Map(refused.map(({ args }) => [args.serial, args.holder]))).to.deep.equal(
          holders,
        )
        expect(holders).to.have.property('size', MESSAGES)
      })
    }
  })
}

/** A book with three campaigns that are open at every site there can be, and whose witnesses sign none of this. */
async function openBook(connection: NetworkConnection) {
  const world = await emptyBook(connection)
  for (let campaign = 1; campaign <= CAMPAIGNS; campaign += 1) {
    await world.book.createCampaign('Lunch', { ...world.terms, sites: MOST_SITES }, '')
  }
  await connection.networkHelpers.time.increaseTo(world.opensAt)
  return world
}

/** The domain as the book describes it (ERC-5267), for whoever would sign. */
async function domainIn(book: Awaited<ReturnType<typeof openBook>>['book']): Promise<Domain> {
  const { name, version, chainId, verifyingContract } = await book.eip712Domain()
  return { name, version, chainId: Number(chainId), verifyingContract: hex(verifyingContract) }
}

/** What a holder and a witness both sign; the least and the largest of everything first, then anything. */
function messages() {
  return Array.from({ length: MESSAGES }, (_, i) => ({
    campaignId: BigInt(i % CAMPAIGNS) + 1n,
    serial: wholeFor({ what: 'serial', i, limit: 2n ** 256n }),
    holder: hex(getAddress(toBeHex(wholeFor({ what: 'holder', i, limit: 2n ** 160n }), 20))),
    site: Number(wholeFor({ what: 'site', i, limit: BigInt(MOST_SITES) })) + 1,
  }))
}

/** What a witness says besides. */
function seen(i: number) {
  return {
    geofenceHash: hex(toBeHex(wholeFor({ what: 'geofence', i, limit: 2n ** 256n }), 32)),
    observedAt: wholeFor({ what: 'observedAt', i, limit: 2n ** 64n }),
    validUntil: wholeFor({ what: 'validUntil', i, limit: 2n ** 64n }),
    evidenceHash: hex(toBeHex(wholeFor({ what: 'evidence', i, limit: 2n ** 256n }), 32)),
  }
}

/** A whole number below the limit, always the same for the same words. */
function wholeFor({ what, i, limit }: { what: string; i: number; limit: bigint }): bigint {
  if (i === 0) return 0n
  return i === 1 ? limit - 1n : BigInt(id(`${what} ${i}`)) % limit
}

function keyOf(i: number): Hex {
  return hex(id(`a key that is nobody's, ${i}`))
}
