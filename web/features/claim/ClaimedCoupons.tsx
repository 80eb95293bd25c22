'use client'

import { couponsOf, type HeldCoupon } from '@coupon-secure/protocol/coupon'
import type { ClaimLink } from '@coupon-secure/protocol/claim-link'
import { chainNames } from '@coupon-secure/protocol/deployments'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { bookQuery, type Campaign, campaignsQuery, shardsQuery } from '../../chain/book-queries.ts'
import { keepClaimKey } from '../../chain/claim-keys.ts'
import { useConfig } from '../../chain/config.tsx'
import { explainRevert } from '../../chain/explain-revert.ts'
import { Button, ButtonLink } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { TimeRange } from '../../ui/TimeRange.tsx'
import styles from './claim.module.css'
import { claimIn } from './claim.ts'

/** What a claim link opens: whose event it is, and which coupons it holds. Nothing is asked for that. */
export function ClaimedCoupons({ fragment }: { fragment: string }) {
  const { chainId } = useConfig()
  const nameOf = (id: number) => chainNames[id] ?? `chain ${id}`
  const claim = useMemo(() => claimIn({ fragment, chainId, nameOf }), [fragment, chainId])
  if (claim.ok) return <Opened link={claim.link} />
  const { title, code, sentence } = claim.problem
  return (
    <div className="stack-wide">
      <h1>Your coupons</h1>
      <Notice
        kind={code === 'CLAIM_LINK_MISSING' ? 'info' : 'warn'}
        title={title}
        code={code}
        action={<ButtonLink href="/redeem">Coupons I opened before</ButtonLink>}
      >
        <p>{sentence}</p>
      </Notice>
    </div>
  )
}

function Opened({ link }: { link: ClaimLink }) {
  const config = useConfig()
  const queries = useQueryClient()
  const { book } = link
  const kept = useQuery({
    queryKey: ['claim', link.chainId, book, link.key],
    // Kept before the chain is asked: the address no longer has it.
    queryFn: async () => {
      const answer = await keepClaimKey(link)
      await queries.invalidateQueries({ queryKey: ['claim-keys'] })
      return answer
    },
    staleTime: Infinity,
    retry: false,
  })
  const found = useQuery(bookQuery({ config, book }))
  const campaigns = useQuery(campaignsQuery({ config, book }))
  const shards = useQuery(shardsQuery({ config, book }))
  const holder = kept.data?.claimKey.holder
  const coupons = useMemo(
    () => (holder && shards.data ? couponsOf({ shards: shards.data, holder }) : undefined),
    [shards.data, holder],
  )
  const failure = found.error ?? campaigns.error ?? shards.error

  if (found.data === null) {
    return (
      <div className="stack-wide">
        <h1>Your coupons</h1>
        <Notice kind="bad" title="There is no such book here" code="BOOK_UNKNOWN">
          <p>
            The link names a book that this app did not make. Open it at the very address it came
            with, or ask whoever gave it to you.
          </p>
        </Notice>
      </div>
    )
  }
  return (
    <div className="stack-wide">
      <header>
        <p className="soft">You are invited by</p>
        <h1>{found.data?.name ?? 'Your coupons'}</h1>
      </header>
      {kept.data?.isKept === false && (
        <Notice kind="warn" title="This browser keeps nothing" code="STORAGE_BLOCKED">
          <p>
            It may be a private window. You can use your coupons now, as long as this page is open.
            Keep the link or the card: you need it again afterwards.
          </p>
        </Notice>
      )}
      {kept.error && (
        <Notice
          kind="bad"
          title="The link could not be opened"
          code={explainRevert(kept.error).code}
        >
          <p>Load this page again with your link, or scan your card once more.</p>
        </Notice>
      )}
      {failure && (
        <Notice
          kind="bad"
          title="The chain does not answer"
          code={explainRevert(failure).code}
          action={
            <Button
              onClick={() =>
                void Promise.all([found.refetch(), campaigns.refetch(), shards.refetch()])
              }
            >
              Try again
            </Button>
          }
        >
          <p>{explainRevert(failure).sentence} Your link is kept, and your coupons are safe.</p>
        </Notice>
      )}
      {coupons === undefined || campaigns.data === undefined ? (
        !failure && <p role="status">Looking which coupons it holds …</p>
      ) : coupons.length === 0 ? (
        <Notice kind="info" title="It holds no coupons yet" code="CLAIM_LINK_EMPTY">
          <p>The organiser has not issued any to this link. It is kept here: look again later.</p>
        </Notice>
      ) : (
        <Held coupons={coupons} campaigns={campaigns.data} />
      )}
      <div>
        <ButtonLink kind="main" className={styles.go} href={`/redeem/${book}`}>
          Go to my coupons
        </ButtonLink>
      </div>
    </div>
  )
}

function Held({
  coupons,
  campaigns,
}: {
  coupons: readonly HeldCoupon[]
  campaigns: readonly Campaign[]
}) {
  const byId = new Map(campaigns.map((campaign) => [campaign.id, campaign]))
  return (
    <section className="stack" aria-labelledby="held">
      <h2 id="held">
        {coupons.length === 1
          ? 'Your link holds one coupon'
          : `Your link holds ${coupons.length} coupons`}
      </h2>
      <ul className={styles.held}>
        {coupons.map(({ campaignId, serial }) => {
          const campaign = byId.get(campaignId)
          return (
            <li key={`${campaignId}.${serial}`}>
              <strong>{campaign?.name ?? `Campaign ${campaignId}`}</strong>
              {campaign && (
                <TimeRange
                  from={Number(campaign.terms.opensAt)}
                  to={Number(campaign.terms.closesAt)}
                />
              )}
            </li>
          )
        })}
      </ul>
      <p className="soft">
        {coupons.length === 1 ? 'It can be used once. It is' : 'Each can be used once. They are'}{' '}
        kept on this phone now; nothing is used before you say so.
      </p>
    </section>
  )
}
