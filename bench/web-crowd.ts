import { setTimeout as sleep } from 'node:timers/promises'
import { couponsOf, type HeldCoupon } from '@coupon-secure/protocol/coupon'
import { compactOf, domainOf, redeemTypes } from '@coupon-secure/protocol/presence'
import { type Address, concatHex, type Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { readShards } from '../web/chain/book-queries.ts'
import type { AppConfig } from '../web/chain/parse-config.ts'
import { vouchFor } from '../web/features/redeem/oracle.ts'
import { redemptionOf } from '../web/features/redeem/pocket-queries.ts'
import { relayAt } from '../web/features/redeem/relay.ts'
import type { Source } from '../web/features/redeem/relay-events.ts'
import { authorise, signIn, type SignInStore } from '../web/features/redeem/sign-in.ts'

const REDEEM_SECONDS = 300

/** How long a crowd of people without wallets waited, from tap to confirmed, in milliseconds; sorted. */
export type Crowd = { times: number[]; wrong: string[] }

/**
 * Lets the holders of these keys use a coupon of this campaign at the same moment, as the page does it and by its own code: sign in,
 * claim, sign, bring to the relayer, and see it on the chain. Only what a browser draws is left out, and its wait for a position.
 */
export async function serveCrowd({
  config,
  book,
  campaign,
  keys,
  position,
}: {
  config: AppConfig
  book: Address
  campaign: { campaignId: bigint; geofenceHash: Hex }
  keys: readonly Hex[]
  /** Somewhere inside. */
  position: { longitude: number; latitude: number }
}): Promise<Crowd> {
  const shards = await readShards({ config, book })
  const people = keys.map((key) => {
    const account = privateKeyToAccount(key)
    const coupon = couponsOf({ shards, holder: account.address }).find(
      ({ campaignId }) => campaignId === campaign.campaignId,
    )
    if (coupon === undefined) throw new Error('Somebody in the crowd holds no coupon.')
    return { account, coupon }
  })
  const wrong: string[] = []
  const times = await Promise.all(
    people.map(async (person) => {
      const startedAt = performance.now()
      const problem = await use(person)
      if (problem !== undefined) wrong.push(problem)
      return performance.now() - startedAt
    }),
  )
  return { times: times.map(Math.round).toSorted((a, b) => a - b), wrong }

  async function use({
    account,
    coupon,
  }: {
    account: ReturnType<typeof privateKeyToAccount>
    coupon: HeldCoupon
  }): Promise<string | undefined> {
    const pocket = { chainId: config.chainId, book, holder: account.address }
    const now = Math.floor(Date.now() / 1000)
    const session = await signIn({
      ...{ store: nowhere, pocket, now },
      sign: (asked) => account.signTypedData({ ...asked, primaryType: 'Session' }),
    })
    const vouching = await vouchFor({
      line: {
        fetch: (url, init) => fetch(url, init),
        url: config.oracleUrl,
        pocket,
        authorise: (claim) => authorise({ signIn: session, pocket, claim }),
      },
      coupon,
      geofenceHash: campaign.geofenceHash,
      position: {
        // No two fixes of living receivers are the same.
        longitude: position.longitude + near(),
        latitude: position.latitude + near(),
        accuracyMetres: 8 + Math.random() * 4,
        takenAt: Date.now() - 500,
      },
      showing: { source: 'browser' },
    })
    if (!vouching.granted) return vouching.failure.code
    const { site, statements } = vouching.vouched
    const { campaignId, serial, proof } = coupon
    const redeem = { campaignId, serial, site, deadline: BigInt(now + REDEEM_SECONDS) }
    const { r, vs } = compactOf(
      await account.signTypedData({
        ...{ domain: domainOf(pocket), types: redeemTypes, primaryType: 'Redeem' },
        message: redeem,
      }),
    )
    const shown = { isThere: false }
    const relay = relayAt({
      ...{ url: config.relayerUrl ?? '', proof, wait: sleep, source: openSource },
      fetch: (url, init) => fetch(url, init),
      hasLeft: () => shown.isThere, // what is final later is not waited for
      redemptionOf: () => redemptionOf({ config, book, coupon }),
    })
    const relayed = await relay({
      handed: { ...pocket, ...redeem, signature: concatHex([r, vs]), statements },
      onSent: () => undefined,
      onRedeemed: () => {
        shown.isThere = true
      },
    })
    if (shown.isThere) return undefined
    return 'failure' in relayed ? relayed.failure.code : relayed.kind
  }
}

const nowhere: SignInStore = {
  read: () => Promise.resolve(undefined),
  write: () => Promise.resolve(),
  remove: () => Promise.resolve(),
}

function near(): number {
  return (Math.random() - 0.5) / 100_000
}

/** What a browser has as `EventSource`, as far as one stream goes. */
function openSource(url: string): Source {
  const stop = new AbortController()
  const source: Source = { onmessage: null, onerror: null, close: () => stop.abort() }
  void read().catch(() => undefined) // a stream that breaks is asked beside
  return source

  async function read(): Promise<void> {
    const { body } = await fetch(url, { signal: stop.signal })
    let rest = ''
    for await (const words of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const events = (rest + words).split('\n\n')
      rest = events.pop() ?? ''
      for (const event of events) {
        const data = /^data: ?(.*)$/m.exec(event)?.[1]
        if (data === undefined) continue
        if (source.onmessage === null) continue
        Reflect.apply(source.onmessage, source, [new MessageEvent('message', { data })])
      }
    }
  }
}
