'use client'

import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import type { GeofenceDocument } from '@coupon-secure/protocol/geofence'
import type { BookPlace } from '@coupon-secure/protocol/presence'
import type { Position } from '@coupon-secure/protocol/wire-evidence'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Hex } from 'viem'
import type { Campaign } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import { asksForPlace, type Whereabouts } from './pocket.ts'
import type { Holder } from './use-redemption.ts'

/**
 * The places of a holder's campaigns and, with a position, which of them the holder is at. Documents and the turf that
 * decides are loaded only when `isWanted`.
 */
export function useWhereabouts({
  place: { chainId, book },
  holders,
  campaigns,
  coupons,
  position,
  isWanted,
  signIns,
}: {
  place: BookPlace
  holders: readonly Holder[]
  campaigns: readonly Campaign[]
  /** Of those who can read a place without being asked first. */
  coupons: readonly HeldCoupon[]
  position: Position | undefined
  isWanted: boolean
  /** Counts the sign-ins on this page, so that what was refused before is asked again. */
  signIns: number
}) {
  const config = useConfig()
  const places = useMemo(() => placesOf({ campaigns, coupons }), [campaigns, coupons])
  const reads = useQueries({
    queries: places.map(({ geofenceHash, coupon }) => ({
      queryKey: ['geofence', coupon.holder, geofenceHash, signIns],
      queryFn: async () => {
        const { documentFor } = await import('./documents.ts')
        const pocket = { chainId, book, holder: coupon.holder }
        const asked = { config, pocket, geofenceHash, coupon }
        const read = await documentFor(asked)
        const signer = holders.find(({ address }) => address === coupon.holder)?.signer
        if (read.ok || read.failure.code !== 'READERS_ONLY' || signer?.kind !== 'key') return read
        const { signInPocket } = await import('./tools.ts') // a key has nobody to ask
        await signInPocket({ config, pocket, signer })
        return documentFor(asked)
      },
      enabled: isWanted,
      staleTime: Infinity,
      refetchOnReconnect: true,
      retry: false,
      networkMode: 'always' as const, // what this phone has kept needs none
    })),
  })
  const documents = reads.flatMap(({ data }, index): [Hex, GeofenceDocument][] => {
    const place = places[index]
    return data?.ok && place ? [[place.geofenceHash, data.document]] : []
  })

  const decided = useQuery({
    queryKey: ['whereabouts', position, documents.map(([hash]) => hash)],
    queryFn: async (): Promise<[Hex, Whereabouts][]> => {
      const { whereaboutsOf } = await import('./whereabouts.ts')
      return position === undefined
        ? []
        : documents.map(([hash, document]) => [hash, whereaboutsOf({ document, position })])
    },
    enabled: position !== undefined && documents.length > 0,
    networkMode: 'always',
    staleTime: Infinity,
    placeholderData: (earlier) => earlier,
  })

  return {
    documents,
    isReading: isWanted && reads.some(({ isFetching }) => isFetching),
    /** Asks again for what could not be read. */
    retry: () => Promise.all(reads.flatMap((one) => (one.data?.ok ? [] : [one.refetch()]))),
    whereabouts: useMemo(
      () => new Map<string, Whereabouts>(position === undefined ? [] : decided.data),
      [position, decided.data],
    ),
    /** Who would have to sign in to read the places. */
    unread: places.flatMap(({ coupon }, index) => {
      const data = reads[index]?.data
      return data?.ok === false && data.failure.code === 'READERS_ONLY' ? [coupon.holder] : []
    }),
    failure: reads
      .flatMap(({ data }) => (data?.ok === false ? [data.failure] : []))
      .find(({ code }) => code !== 'READERS_ONLY'),
  }
}

/** Each geofence once, with a coupon by which its document may be read. */
function placesOf({
  campaigns,
  coupons,
}: {
  campaigns: readonly Campaign[]
  coupons: readonly HeldCoupon[]
}): { geofenceHash: Hex; coupon: HeldCoupon }[] {
  const found = campaigns.filter(asksForPlace).flatMap((campaign): [Hex, HeldCoupon][] => {
    const coupon = coupons.find(({ campaignId }) => campaignId === campaign.id)
    return coupon ? [[campaign.terms.geofenceHash, coupon]] : []
  })
  return [...new Map(found)].map(([geofenceHash, coupon]) => ({ geofenceHash, coupon }))
}
