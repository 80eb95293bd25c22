'use client'

import { couponsOf, type HeldCoupon } from '@coupon-secure/protocol/coupon'
import type { ClaimLink } from '@coupon-secure/protocol/claim-link'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { bookQuery, type Campaign, campaignsQuery, shardsQuery } from '../../chain/book-queries.ts'
import { keepClaimKey } from '../../chain/claim-keys.ts'
import { useConfig } from '../../chain/config.tsx'
import { explainRevert } from '../../chain/explain-revert.ts'
import { Queries } from '../../chain/Queries.tsx'
import { Button, ButtonLink } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { TimeRange } from '../../ui/TimeRange.tsx'
import { usePageTitle } from '../../ui/use-page-title.ts'
import { useWords } from '../../words/use-words.ts'
import styles from './claim.module.css'
import { claimIn, type ClaimProblem } from './claim.ts'
import { ClaimNotice } from './ClaimNotice.tsx'

/** What a claim link opens: whose event it is, and which coupons it holds. Nothing is asked for that. */
export function ClaimedCoupons({ fragment }: { fragment: string }) {
  const { chainId } = useConfig()
  usePageTitle(useWords().say('claim.page'))
  const claim = useMemo(() => claimIn({ fragment, chainId }), [fragment, chainId])
  if (!claim.ok) return <Unopened problem={claim.problem} />
  return (
    <Queries>
      <Opened link={claim.link} />
    </Queries>
  )
}

function Unopened({ problem }: { problem: ClaimProblem }) {
  const { say } = useWords()
  return (
    <div className="stack-wide">
      <h1>{say('claim.page')}</h1>
      <ClaimNotice
        problem={problem}
        action={<ButtonLink href="/redeem">{say('claim.earlier')}</ButtonLink>}
      />
    </div>
  )
}

function Opened({ link }: { link: ClaimLink }) {
  const { say, explain } = useWords()
  const config = useConfig()
  const { book } = link
  const kept = useQuery({
    queryKey: ['claim', link.chainId, book, link.key],
    queryFn: () => keepClaimKey(link), // before the chain is asked: the address no longer has it
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
        <h1>{say('claim.page')}</h1>
        <Notice kind="bad" title={say('common.bookUnknown')} code="BOOK_UNKNOWN">
          <p>{say('claim.bookUnknown')}</p>
        </Notice>
      </div>
    )
  }
  return (
    <div className="stack-wide">
      <header>
        <p className="soft">{say('claim.invitedBy')}</p>
        <h1>
          <bdi>{found.data?.name ?? say('claim.page')}</bdi>
        </h1>
      </header>
      {kept.data?.isKept === false && (
        <Notice kind="warn" title={say('claim.blocked')} code="STORAGE_BLOCKED">
          <p>{say('claim.blocked.words')}</p>
        </Notice>
      )}
      {kept.error && (
        <Notice kind="bad" title={say('claim.failed')} code={explainRevert(kept.error).code}>
          <p>{say('claim.failed.words')}</p>
        </Notice>
      )}
      {failure && (
        <Notice
          kind="bad"
          title={say('common.chainAway')}
          code={explainRevert(failure).code}
          action={
            <Button
              onClick={() =>
                void Promise.all([found.refetch(), campaigns.refetch(), shards.refetch()])
              }
            >
              {say('common.again')}
            </Button>
          }
        >
          <p>
            {explain(explainRevert(failure))} {say('claim.safe')}
          </p>
        </Notice>
      )}
      {coupons === undefined || campaigns.data === undefined ? (
        !failure && <p role="status">{say('claim.looking')}</p>
      ) : coupons.length === 0 ? (
        <Notice kind="info" title={say('claim.empty')} code="CLAIM_LINK_EMPTY">
          <p>{say('claim.empty.words')}</p>
        </Notice>
      ) : (
        <Held coupons={coupons} campaigns={campaigns.data} />
      )}
      <div>
        <ButtonLink kind="main" className={styles.go} href={`/redeem/${book}`}>
          {say('claim.go')}
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
  const { say } = useWords()
  const count = coupons.length
  const byId = new Map(campaigns.map((campaign) => [campaign.id, campaign]))
  return (
    <section className="stack" aria-labelledby="held">
      <h2 id="held">{say('claim.held', { count })}</h2>
      <ul className={styles.held}>
        {coupons.map(({ campaignId, serial }) => {
          const campaign = byId.get(campaignId)
          return (
            <li key={`${campaignId}.${serial}`}>
              <strong>
                <bdi>{campaign?.name ?? say('claim.campaign', { number: String(campaignId) })}</bdi>
              </strong>
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
      <p className="soft">{say('claim.once', { count })}</p>
    </section>
  )
}
