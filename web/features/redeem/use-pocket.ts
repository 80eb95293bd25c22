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
import { redemptionsQuery, seatsQuery } from './pocket-queries.ts'

// One empty list for ever: a new one at each draw would undo every memo that depends on it.
const NONE: readonly Campaign[] = []

/** Everything that the chain says of these holders' coupons in one book; `holders` is the same list while it does not change. */
export function usePocket({ book, holders }: { book: Address; holders: readonly Address[] }) {
  const config = useConfig()
  const campaigns = useQuery(campaignsQuery({ config, book }))
  // The list of all holders is long: it is read once, and again when the cheap count of shards has grown.
  const shards = useQuery({ ...shardsQuery({ config, book }), refetchInterval: false })
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

  return {
    coupons,
    campaigns: campaigns.data ?? NONE,
    seats: useMemo(() => new Map(seats.data?.map((words) => [words.key, words])), [seats.data]),
    counters: useMemo(
      () =>
        new Map(
          (campaigns.data ?? NONE).flatMap(({ id }, index): [bigint, Counters][] => {
            const counters = counted[index]
            return counters ? [[id, counters]] : []
          }),
        ),
      [campaigns.data, counted],
    ),
    redeemed: useMemo(
      () => new Map(redemptions.data?.map(({ key, redeemed }) => [key, redeemed])),
      [redemptions.data],
    ),
    isReading: campaigns.isPending || shards.isPending,
    error: campaigns.error ?? shards.error ?? seats.error,
    retry: () => Promise.all([campaigns.refetch(), shards.refetch(), seats.refetch()]),
  }
}

function dataOf(results: readonly { data: Counters | undefined }[]) {
  return results.map(({ data }) => data)
}
