'use client'

import { couponsOf } from '@coupon-secure/protocol/coupon'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import {
  type Campaign,
  campaignsQuery,
  shardCountQuery,
  shardsQuery,
} from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import type { Pocket } from './journal.ts'
import { redemptionsQuery, seatsQuery } from './pocket-queries.ts'

// One empty list for ever: a new one at each draw would undo every memo that depends on it.
const NONE: readonly Campaign[] = []

/** Everything that the chain says of one holder's coupons in one book. */
export function usePocket({ book, holder }: Pocket) {
  const config = useConfig()
  const campaigns = useQuery(campaignsQuery({ config, book }))
  // The list of all holders is long: it is read once, and again when the cheap count of shards has grown.
  const shards = useQuery({ ...shardsQuery({ config, book }), refetchInterval: false })
  const counts = useQueries({
    queries: (campaigns.data ?? []).map(({ id }) => ({
      ...shardCountQuery({ config, book, campaignId: id }),
      refetchInterval: 8_000,
    })),
  })
  const counted = counts.reduce((sum, { data }) => sum + Number(data ?? 0n), 0)
  const known = shards.data?.length
  const { refetch } = shards
  useEffect(() => {
    if (known !== undefined && counted > known) void refetch()
  }, [counted, known, refetch])

  const coupons = useMemo(
    () => couponsOf({ shards: shards.data ?? [], holder }),
    [shards.data, holder],
  )
  const seats = useQuery(seatsQuery({ config, book, coupons }))
  const redemptions = useQuery(redemptionsQuery({ config, book, holder }))

  return {
    coupons,
    campaigns: campaigns.data ?? NONE,
    seats: useMemo(() => new Map(seats.data?.map((words) => [words.key, words])), [seats.data]),
    redeemed: useMemo(
      () => new Map(redemptions.data?.map(({ key, redeemed }) => [key, redeemed])),
      [redemptions.data],
    ),
    isReading: campaigns.isPending || shards.isPending,
    error: campaigns.error ?? shards.error ?? seats.error,
    retry: () => Promise.all([campaigns.refetch(), shards.refetch(), seats.refetch()]),
  }
}
