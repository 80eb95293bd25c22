import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { packBatch } from '@coupon-secure/protocol/batch'
import { couponsOf, packProof } from '@coupon-secure/protocol/coupon'
import { Contract, Wallet } from 'ethers'
import { type Address, type Hex, numberToHex, zeroHash } from 'viem'
import { askChain, localAccount, localProvider, localSender } from '../../scripts/local-chain.ts'

/** A campaign that asks for no witness: who holds a coupon uses it by sending, so that a test can serve a crowd in seconds. */
export type PlainMeal = { rpcUrl: string; book: Address; campaignId: bigint; holders: Address[] }

/** Makes one, as the local chain's account of that number, which must be a manager of the book. */
export async function makePlainMeal({
  rpcUrl,
  book,
  manager,
  name,
  holders,
  standby = [],
  ...terms
}: {
  rpcUrl: string
  book: Address
  manager: number
  name: string
  opensAt: number
  closesAt: number
  heldUntil?: number
  grace?: number
  supply: number
  sites?: number
  holders: Address[]
  standby?: Address[]
}): Promise<PlainMeal> {
  const provider = localProvider(rpcUrl)
  try {
    const contract = new Contract(book, couponBookAbi, localSender({ number: manager, provider }))
    const campaignId = BigInt(await contract.getFunction('campaignCount').staticCall()) + 1n
    const whole = { heldUntil: 0, grace: 0, sites: 2, requiredWitnesses: 0, ...terms }
    const promised = { ...whole, geofenceHash: zeroHash }
    await (await contract.getFunction('createCampaign').send(name, promised, '')).wait()
    await (await contract.getFunction('issue').send(campaignId, holders)).wait()
    if (standby.length > 0) {
      await (await contract.getFunction('issueStandby').send(campaignId, standby)).wait()
    }
    return { rpcUrl, book, campaignId, holders }
  } finally {
    provider.destroy()
  }
}

/** A holder of the first shard uses its coupon at a site, in a block of its own at `at` (unix seconds) where that is given. */
export async function eatPlainly({
  meal: { rpcUrl, book, campaignId, holders },
  key,
  site,
  at,
}: {
  meal: PlainMeal
  key: Hex
  site: number
  at?: number
}): Promise<void> {
  const provider = localProvider(rpcUrl)
  try {
    const holder = new Wallet(key, provider)
    const [coupon] = couponsOf({
      shards: [{ campaignId, index: 0n, holders }],
      holder: holder.address as Address,
    })
    if (coupon === undefined) throw new Error(`${holder.address} holds no coupon of this meal.`)
    const contract = new Contract(book, couponBookAbi, holder)
    if (at !== undefined) await nextBlockAt({ rpcUrl, at })
    const sent = await contract
      .getFunction('redeem')
      .send(campaignId, coupon.serial, [], site, packProof(coupon.proof), { gasLimit: 200_000 })
    const receipt = await sent.wait()
    if (receipt?.status !== 1) throw new Error('The redemption was refused.')
  } finally {
    provider.destroy()
  }
}

/** Somebody sends a batch with the coupon of a holder who never signed for it: the contract finds another's signature, and skips it. */
export async function sendUnsigned({
  meal: { rpcUrl, book, campaignId, holders },
  holder,
  sender,
}: {
  meal: PlainMeal
  holder: Address
  /** The number of the local chain's account that sends it. */
  sender: number
}): Promise<void> {
  const provider = localProvider(rpcUrl)
  try {
    const shards = [{ campaignId, index: 0n, holders }]
    const [coupon] = couponsOf({ shards, holder })
    if (coupon === undefined) throw new Error(`${holder} holds no coupon of this meal.`)
    const signature = (await localAccount(sender).signMessage('something else')) as Hex
    const deadline = 4_102_444_799n
    const { items } = packBatch({ items: [{ ...coupon, deadline, signature, statements: [] }] })
    const contract = new Contract(book, couponBookAbi, localSender({ number: sender, provider }))
    await (await contract.getFunction('redeemBatch').send(campaignId, 1, items, [])).wait()
  } finally {
    provider.destroy()
  }
}

/** Sets the time of the chain's next block, unix seconds. */
export async function nextBlockAt({ rpcUrl, at }: { rpcUrl: string; at: number }): Promise<void> {
  const params = [numberToHex(at)]
  await askChain({ rpcUrl, method: 'evm_setNextBlockTimestamp', params })
}

/** Makes a block at this time, unix seconds, as if the chain had waited until then. */
export async function waitUntil({ rpcUrl, at }: { rpcUrl: string; at: number }): Promise<void> {
  await nextBlockAt({ rpcUrl, at })
  await askChain({ rpcUrl, method: 'evm_mine' })
}
