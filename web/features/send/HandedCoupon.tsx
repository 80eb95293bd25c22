'use client'

import { couponsOf, idOf, isSeatUsed, seatOf, shardOf } from '@coupon-secure/protocol/coupon'
import { type HandedRedemption, readHanded } from '@coupon-secure/protocol/handed'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { bookQuery, campaignsQuery, shardsQuery } from '../../chain/book-queries.ts'
import { readSeats } from '../../chain/book-reads.ts'
import { useConfig } from '../../chain/config.tsx'
import { explainRevert } from '../../chain/explain-revert.ts'
import { SendHanded } from '../../chain/SendHanded.tsx'
import { AddressText } from '../../ui/AddressText.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { usePageTitle } from '../../ui/use-page-title.ts'
import { useWords } from '../../words/use-words.ts'

/** A holder's signed redemption: what it does, how it stands, and the wallet that sends it. */
export function HandedCoupon({ text }: { text: string }) {
  const { say } = useWords()
  usePageTitle(say('send.page'))
  const { chainId } = useConfig()
  const handed = useMemo(() => readHanded(text), [text])
  if (handed === undefined) {
    return (
      <Unsendable title={say('send.unreadable')} code="HANDED_UNREADABLE">
        {say('send.unreadable.words')}
      </Unsendable>
    )
  }
  if (handed.chainId !== chainId) {
    return (
      <Unsendable title={say('send.otherChain')} code="HANDED_FOR_OTHER_CHAIN">
        {say('send.otherChain.words')}
      </Unsendable>
    )
  }
  return <Handed handed={handed} />
}

function Unsendable({ title, code, children }: { title: string; code: string; children: string }) {
  return (
    <div className="stack-wide">
      <h1>{useWords().say('send.page')}</h1>
      <Notice kind="warn" title={title} code={code}>
        <p>{children}</p>
      </Notice>
    </div>
  )
}

function Handed({ handed }: { handed: HandedRedemption }) {
  const { say, rich, explain } = useWords()
  const config = useConfig()
  const { book, campaignId, serial, holder, site, deadline } = handed
  const [now, setNow] = useState(() => Math.floor(Date.now() / 1000))
  useEffect(() => {
    const tick = setInterval(() => setNow(Math.floor(Date.now() / 1000)), 1_000)
    return () => clearInterval(tick)
  }, [])
  const found = useQuery(bookQuery({ config, book }))
  const campaigns = useQuery(campaignsQuery({ config, book }))
  const shards = useQuery(shardsQuery({ config, book }))
  const campaign = campaigns.data?.find(({ id }) => id === campaignId)
  const coupon = useMemo(
    () =>
      couponsOf({ shards: shards.data ?? [], holder }).find(
        (held) => held.campaignId === campaignId && held.serial === serial,
      ),
    [shards.data, holder, campaignId, serial],
  )
  const seats = useQuery({
    queryKey: ['chain', config.chainId, 'handed', book, coupon],
    queryFn: () =>
      coupon
        ? readSeats({ config, book, campaignId, shard: shardOf(serial), root: coupon.root })
        : null,
    enabled: coupon !== undefined,
    refetchInterval: 2_000,
  })
  const isUsed = seats.data && isSeatUsed({ word: seats.data.used, seat: seatOf(serial) })
  const left = Number(deadline) - now
  const failure = found.error ?? campaigns.error ?? shards.error

  if (failure) {
    return (
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
        <p>{explain(explainRevert(failure))}</p>
      </Notice>
    )
  }
  if (found.data === null) {
    return (
      <Notice kind="bad" title={say('common.bookUnknown')} code="BOOK_UNKNOWN">
        <p>{say('send.bookUnknown')}</p>
      </Notice>
    )
  }
  if (found.data === undefined || campaign === undefined || shards.data === undefined) {
    return <p role="status">{say('send.looking')}</p>
  }
  const whose = {
    coupon: <code>{idOf({ ...handed }).slice(0, 8)}</code>,
    holder: <AddressText address={holder} />,
  }
  return (
    <div className="stack-wide">
      <header>
        <p className="soft">
          <bdi>{found.data.name}</bdi>
        </p>
        <h1>
          <bdi>{campaign.name}</bdi>
        </h1>
      </header>
      <p>{site > 0 ? rich('send.couponAt', { ...whose, site }) : rich('send.coupon', whose)}</p>
      {isUsed ? (
        <Notice kind="good" title={say('send.used')}>
          <p>{say('send.used.words')}</p>
        </Notice>
      ) : coupon === undefined ? (
        <Notice kind="bad" title={say('send.notIssued')} code="NotIssued">
          <p>{say('send.notIssued.words')}</p>
        </Notice>
      ) : left <= 0 ? (
        <Notice kind="warn" title={say('send.late')} code="HANDED_TOO_LATE">
          <p>{say('send.late.words')}</p>
        </Notice>
      ) : (
        <Card title={say('send.title')}>
          <p role="timer">
            {rich('send.goodFor', {
              clock: (
                <bdi>
                  {Math.floor(left / 60)}:{String(left % 60).padStart(2, '0')}
                </bdi>
              ),
            })}
          </p>
          <SendHanded handed={handed} proof={coupon.proof} />
        </Card>
      )}
    </div>
  )
}
