'use client'

import { couponsOf } from '@coupon-secure/protocol/coupon'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import type { Address } from 'viem'
import {
  type Campaign,
  campaignsQuery,
  type Counters,
  countersQuery,
  shardsQuery,
} from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import type { PocketMemory } from './pocket-memory.ts'
import { redemptionsQuery, seatsQuery } from './pocket-queries.ts'
import { useIsOnline } from './use-is-online.ts'
import { usePocketMemory } from './use-pocket-memory.ts'

const RETRY_MS = 5_000

// One empty pocket for ever: a new one at each draw would undo every memo that depends on it.
const EMPTY: Omit<PocketMemory, 'at'> = {
  coupons: [],
  campaigns: [],
  seats: [],
  counters: [],
  redeemed: [],
}

/**
 * Everything that the chain says of these holders' coupons in one book, or where it cannot be asked, what it last said; `holders`
 * is the same list while it does not change.
 */
export function usePocket({ book, holders }: { book: Address; holders: readonly Address[] }) {
  const config = useConfig()
  const isOnline = useIsOnline()
  const campaigns = useQuery(campaignsQuery({ config, book }))
  // The list of all holders is long: it is read once, and again when the cheap count of shards has grown.
  const shards = useQuery({
    ...shardsQuery({ config, book }),
    refetchInterval: ({ state }) => (state.status === 'error' ? RETRY_MS : false),
  })
  const counted = useQueries({
    queries: (campaigns.data ?? []).map(({ id }) => ({
      ...countersQuery({ config, book, campaignId: id }),
      refetchInterval: 8_000,
    })),
    combine: dataOf,
  })
  const issued = counted.reduce(
    (sum, counters) => sum + Number(counters ? counters.shards + counters.standbyShards : 0n),
    0,
  )
  const known = shards.data?.length
  const { refetch } = shards
  useEffect(() => {
    if (known !== undefined && issued > known) void refetch()
  }, [issued, known, refetch])

  const coupons = useMemo(
    () => holders.flatMap((holder) => couponsOf({ shards: shards.data ?? [], holder })),
    [shards.data, holders],
  )
  const seats = useQuery(seatsQuery({ config, book, coupons }))
  const redemptions = useQuery(redemptionsQuery({ config, book, holders }))

  const isRead = campaigns.data !== undefined && shards.data !== undefined
  const live = useMemo(
    () => ({
      coupons,
      campaigns: campaigns.data ?? EMPTY.campaigns,
      seats: seats.data ?? EMPTY.seats,
      counters: countersIn({ campaigns: campaigns.data ?? [], counted }),
      redeemed: redemptions.data ?? EMPTY.redeemed,
    }),
    [coupons, campaigns.data, seats.data, counted, redemptions.data],
  )
  const isWhole = isRead && (seats.data !== undefined || coupons.length === 0)
  const readAt = Math.floor((seats.dataUpdatedAt || campaigns.dataUpdatedAt) / 1000)
  const kept = usePocketMemory({
    book,
    holders,
    live: isWhole && redemptions.data !== undefined ? live : undefined,
    readAt,
  })

  const error = campaigns.error ?? shards.error ?? seats.error
  const isAway = error !== null || !isOnline
  const shown = isAway && !isWhole && kept !== undefined ? kept : live
  return {
    coupons: shown.coupons,
    campaigns: shown.campaigns,
    seats: useMemo(() => new Map(shown.seats.map((words) => [words.key, words])), [shown.seats]),
    counters: useMemo(() => new Map(shown.counters), [shown.counters]),
    redeemed: useMemo(
      () => new Map(shown.redeemed.map(({ key, redeemed }) => [key, redeemed])),
      [shown.redeemed],
    ),
    isReading: shown === live && !isRead && !isAway,
    isOnline,
    error,
    /** Where the chain cannot be asked: when it said what is shown, in unix seconds; 0 where it never did. */
    asOf: !isAway ? undefined : shown === kept ? kept.at : isWhole ? readAt : 0,
    retry: () => Promise.all([campaigns.refetch(), shards.refetch(), seats.refetch()]),
  }
}

function dataOf(results: readonly { data: Counters | undefined }[]) {
  return results.map(({ data }) => data)
}

function countersIn({
  campaigns,
  counted,
}: {
  campaigns: readonly Campaign[]
  counted: readonly (Counters | undefined)[]
}): (readonly [bigint, Counters])[] {
  return campaigns.flatMap(({ id }, index) => {
    const counters = counted[index]
    return counters ? [[id, counters] as const] : []
  })
}
