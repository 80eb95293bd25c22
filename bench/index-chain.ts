import { couponBookAbi, couponBookFactoryAbi } from '@coupon-secure/protocol/abi'
import { packBatch } from '@coupon-secure/protocol/batch'
import { proofsOf, SEATS_PER_SHARD, serialAt, shardsOfIssue } from '@coupon-secure/protocol/coupon'
import { CLASSES, toStatement } from '@coupon-secure/protocol/presence'
import {
  type Address,
  encodeFunctionData,
  getAddress,
  type Hex,
  hexToBytes,
  isHex,
  keccak256,
  numberToHex,
  stringToHex,
  zeroHash,
} from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { localDeployment } from '../scripts/deploy.ts'
import { askChain } from '../scripts/local-chain.ts'
import { presenceDigest, redeemDigest, sign } from './index-digests.ts'

const HOLDERS = 1_020
const CAMPAIGN = 40 * SEATS_PER_SHARD // coupons: what one issuing transaction has gas for
const BATCH = 100
const BATCHES_IN_BLOCK = 10
const FINAL = 40 // empty blocks after all: a chain goes on, and what is older than these is final
const HOUR = 3_600
const SITE = 1
const LAST_VALID = 4_102_444_799n
const GAS = 16_000_000

type Key = { secret: Uint8Array; address: Address }

/**
 * Makes a book in which so many coupons are redeemed, in batches of 100 whose holders signed, sent by a counter. With `isStated`
 * the sender vouches for nothing, and each item brings an oracle's statement instead.
 */
export async function redeemMany({
  rpcUrl,
  redemptions,
  isStated,
  say,
}: {
  rpcUrl: string
  redemptions: number
  isStated: boolean
  say: (line: string) => void
}): Promise<void> {
  const ask = (method: string, params: readonly unknown[] = []) =>
    askChain({ rpcUrl, method, params })
  const accounts = await ask('eth_accounts')
  const [organiser, counter] = Array.isArray(accounts)
    ? accounts.map((one) => getAddress(String(one)))
    : []
  if (organiser === undefined || counter === undefined)
    throw new Error('The chain has no accounts.')
  const send = ({ from, to, data }: { from: Address; to: Address; data: Hex }) =>
    ask('eth_sendTransaction', [{ from, to, data, gas: numberToHex(GAS) }])
  await ask('evm_setAutomine', [false])
  await ask('evm_setBlockGasLimit', [numberToHex(BATCHES_IN_BLOCK * 30_000_000)])

  const oracle = keyOf('bench oracle')
  const [key, classes] = isStated ? [oracle.address, CLASSES.location] : [counter, CLASSES.counter]
  const entry = { key, classes, site: 0, validFrom: 0n, validUntil: LAST_VALID }
  const creation = ['Bench', [entry], zeroHash] as const
  const factory = { abi: couponBookFactoryAbi, args: creation } as const
  const to = localDeployment().factory
  await send({
    from: organiser,
    to,
    data: encodeFunctionData({ ...factory, functionName: 'createBook' }),
  })
  await ask('evm_mine')
  const predict = [organiser, ...creation] as const
  const data = encodeFunctionData({ ...factory, functionName: 'predictBook', args: predict })
  const book = addressIn(await ask('eth_call', [{ to, data }, 'latest']))
  const abi = couponBookAbi

  const holders = Array.from({ length: HOLDERS }, (_, i) => keyOf(`bench holder ${i}`))
  const opensAt = Math.floor(Date.now() / 1000) - HOUR
  for (let campaign = 0; campaign * CAMPAIGN < redemptions; campaign += 1) {
    const campaignId = BigInt(campaign + 1)
    const terms = {
      opensAt: BigInt(opensAt),
      closesAt: BigInt(opensAt + 48 * HOUR),
      ...{
        heldUntil: 0n,
        grace: 0n,
        supply: BigInt(CAMPAIGN),
        sites: 1,
        requiredWitnesses: classes,
      },
      geofenceHash: keccak256(stringToHex('a place')),
    }
    const held = Array.from(
      { length: CAMPAIGN },
      (_, i) => holders[(i * 7 + campaign) % HOLDERS] ?? oracle,
    )
    const issue = [campaignId, held.map(({ address }) => address)] as const
    const create = [`Meal ${campaignId}`, terms, ''] as const
    await send({
      from: organiser,
      to: book,
      data: encodeFunctionData({ abi, functionName: 'createCampaign', args: create }),
    })
    await send({
      from: organiser,
      to: book,
      data: encodeFunctionData({ abi, functionName: 'issue', args: issue }),
    })
    await ask('evm_mine')

    const wanted = Math.min(CAMPAIGN, redemptions - campaign * CAMPAIGN)
    const block = await ask('eth_getBlockByNumber', ['latest', false])
    const now = BigInt((block as { timestamp: Hex }).timestamp)
    const items = itemsOf({
      book,
      campaignId,
      held,
      now,
      oracle: isStated ? oracle : undefined,
      terms,
    })
    for (let first = 0; first < wanted; first += BATCH) {
      // At random, so that next to nothing of the proofs is shared: the long way.
      const batch = Array.from({ length: Math.min(BATCH, wanted - first) }, (_, i) =>
        items(((first + i) * 3_331) % CAMPAIGN),
      )
      const packed = packBatch({ items: batch })
      const args = [campaignId, SITE, packed.items, packed.statements] as const
      await send({
        from: counter,
        to: book,
        data: encodeFunctionData({ abi, functionName: 'redeemBatch', args }),
      })
      if ((first / BATCH + 1) % BATCHES_IN_BLOCK === 0) await ask('evm_mine')
    }
    await ask('evm_mine')
    say(`${campaign * CAMPAIGN + wanted} redeemed …`)
  }
  await ask('anvil_mine', [numberToHex(FINAL)])
  await ask('evm_setAutomine', [true])
}

/** Signs as asked for: proofs of a campaign's coupons, their holders' permissions and, where there is an oracle, its statements. */
function itemsOf({
  book,
  campaignId,
  held,
  now,
  oracle,
  terms: { geofenceHash },
}: {
  book: Address
  campaignId: bigint
  held: readonly Key[]
  now: bigint
  oracle: Key | undefined
  terms: { geofenceHash: Hex }
}) {
  const shards = shardsOfIssue({
    campaignId,
    firstShard: 0n,
    holders: held.map(({ address }) => address),
  })
  const proofs = shards.map(proofsOf)
  const deadline = now + 24n * BigInt(HOUR)
  const statementsOf = ({ serial, holder }: { serial: bigint; holder: Address }) => {
    if (oracle === undefined) return []
    const evidenceHash = keccak256(numberToHex(serial))
    const presence = {
      campaignId,
      serial,
      holder,
      site: SITE,
      geofenceHash,
      observedAt: now,
      validUntil: now + 600n,
      evidenceHash,
    }
    return [
      toStatement({
        presence,
        signature: sign({ digest: presenceDigest({ book, presence }), key: oracle.secret }),
      }),
    ]
  }
  return (place: number) => {
    const [shard, seat] = [Math.floor(place / SEATS_PER_SHARD), place % SEATS_PER_SHARD]
    const [holder, proof] = [held[place], proofs[shard]?.[seat]]
    if (holder === undefined || proof === undefined)
      throw new Error(`Nobody holds coupon ${place}.`)
    const serial = serialAt({ shard: BigInt(shard), seat })
    const digest = redeemDigest({ book, redeem: { campaignId, serial, site: SITE, deadline } })
    const signature = sign({ digest, key: holder.secret })
    return {
      serial,
      proof,
      deadline,
      signature,
      statements: statementsOf({ serial, holder: holder.address }),
    }
  }
}

function keyOf(name: string): Key {
  const key = keccak256(stringToHex(name))
  return { secret: hexToBytes(key), address: privateKeyToAddress(key) }
}

function addressIn(word: unknown): Address {
  if (!isHex(word)) throw new Error('The factory does not answer.')
  return getAddress(`0x${word.slice(-40)}`)
}
