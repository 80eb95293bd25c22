import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { type Coupon, type HeldCoupon, shardOf } from '@coupon-secure/protocol/coupon'
import { queryOptions } from '@tanstack/react-query'
import { type Address, getAbiItem } from 'viem'
import { getBlock, getLogs, readContract } from 'viem/actions'
import { clientOf } from '../../chain/client.ts'
import type { AppConfig } from '../../chain/parse-config.ts'
import { couponKey, seatsKey } from './pocket.ts'
import type { Redeemed } from './redemption.ts'

type Of = { config: AppConfig; book: Address }

const redeemedEvent = getAbiItem({ abi: couponBookAbi, name: 'CouponRedeemed' })

/** The words of every shard that holds one of these coupons, read again every few seconds. */
export function seatsQuery({ config, book, coupons }: Of & { coupons: readonly HeldCoupon[] }) {
  const shards = [...new Map(coupons.map((coupon) => [seatsKey(coupon), coupon]))]
  return queryOptions({
    queryKey: ['chain', config.chainId, 'seats', book, shards.map(([key]) => key)],
    queryFn: () =>
      Promise.all(
        shards.map(async ([key, { campaignId, serial, root }]) => {
          const [used, revoked] = await readContract(clientOf(config), {
            address: book,
            abi: couponBookAbi,
            functionName: 'seatsOf',
            args: [campaignId, shardOf(serial), root],
          })
          return { key, used, revoked }
        }),
      ),
    enabled: shards.length > 0,
    refetchInterval: 3_000,
  })
}

/** When and where these holders' used coupons were used, by `couponKey`. */
export function redemptionsQuery({ config, book, holders }: Of & { holders: readonly Address[] }) {
  return queryOptions({
    queryKey: ['chain', config.chainId, 'redemptions', book, holders],
    queryFn: () => redemptions({ config, book, args: { holder: [...holders] } }),
    refetchInterval: 15_000,
  })
}

/** The redemption that the chain has of one coupon. */
export async function redemptionOf({
  config,
  book,
  coupon: { campaignId, serial },
}: Of & { coupon: Coupon }): Promise<Redeemed | undefined> {
  const found = await redemptions({ config, book, args: { campaignId, serial } })
  return found[0]?.redeemed
}

async function redemptions({
  config,
  book,
  args,
}: Of & { args: { holder: Address[] } | Coupon }): Promise<{ key: string; redeemed: Redeemed }[]> {
  const client = clientOf(config)
  const logs = await getLogs(client, {
    address: book,
    event: redeemedEvent,
    args, // the node filters: a book has thousands of these, a holder a handful
    strict: true,
    fromBlock: config.factoryBlock,
    toBlock: 'latest',
  })
  return Promise.all(
    logs.map(async ({ args: { campaignId, serial, site }, ...log }) => {
      const at = (await getBlock(client, { blockNumber: log.blockNumber })).timestamp
      const redeemed = { hash: log.transactionHash, site, at }
      return { key: couponKey({ campaignId, serial }), redeemed }
    }),
  )
}
