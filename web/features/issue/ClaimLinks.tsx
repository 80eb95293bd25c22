'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Address } from 'viem'
import { shardsQuery } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import { Card } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { ClaimBatchCard } from './ClaimBatchCard.tsx'
import { claimBatches } from './claim-batch.ts'
import { couponsByHolder } from './claim-files.ts'

/** The claim links that this browser made for a book and still keeps; nothing where there are none. */
export function ClaimLinks({ book }: { book: Address }) {
  const config = useConfig()
  const { chainId } = config
  const batches = useQuery({
    queryKey: ['claim-batches', chainId, book],
    queryFn: () => claimBatches().of({ chainId, book }),
    retry: false,
    structuralSharing: false,
  })
  const hasAny = (batches.data?.length ?? 0) > 0
  const shards = useQuery({ ...shardsQuery({ config, book }), enabled: hasAny })
  const coupons = useMemo(() => couponsByHolder(shards.data ?? []), [shards.data])
  if (!hasAny) return null
  return (
    <Card title="Claim links" id="claim-links">
      <div className="stack-wide">
        <Notice kind="warn" title="These links are in this browser only">
          <p>
            Nobody else has them, not even this app’s server: clear the browser’s data before you
            have downloaded them, and their coupons are lost to their holders. Whoever has a link
            can use its coupons, so treat the files like cash, and forget the keys here once they
            are handed out.
          </p>
        </Notice>
        {batches.data?.map((batch) => (
          <ClaimBatchCard
            key={batch.id}
            batch={batch}
            coupons={shards.data && coupons}
            onChange={() => void batches.refetch()}
          />
        ))}
      </div>
    </Card>
  )
}
