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

/** A holder's signed redemption: what it does, how it stands, and the wallet that sends it. */
export function HandedCoupon({ text }: { text: string }) {
  const { chainId } = useConfig()
  const handed = useMemo(() => readHanded(text), [text])
  if (handed === undefined) {
    return (
      <Notice kind="warn" title="There is no signed coupon here" code="HANDED_UNREADABLE">
        <p>Scan the code on the holder’s phone again, the whole of it.</p>
      </Notice>
    )
  }
  if (handed.chainId !== chainId) {
    return (
      <Notice
        kind="warn"
        title="This coupon lives on another network"
        code="HANDED_FOR_OTHER_CHAIN"
      >
        <p>Open it at the very address that the holder’s phone shows.</p>
      </Notice>
    )
  }
  return <Handed handed={handed} />
}

function Handed({ handed }: { handed: HandedRedemption }) {
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
        <p>{explainRevert(failure).sentence}</p>
      </Notice>
    )
  }
  if (found.data === null) {
    return (
      <Notice kind="bad" title="There is no such book here" code="BOOK_UNKNOWN">
        <p>The coupon is of a book that this app did not make. Send nothing.</p>
      </Notice>
    )
  }
  if (found.data === undefined || campaign === undefined || shards.data === undefined) {
    return <p role="status">Looking at the chain …</p>
  }
  return (
    <div className="stack-wide">
      <header>
        <p className="soft">{found.data.name}</p>
        <h1>{campaign.name}</h1>
      </header>
      <p>
        Coupon <code>{idOf({ ...handed }).slice(0, 8)}</code> of <AddressText address={holder} />
        {site > 0 && `, at site ${site}`}. Its holder has signed that it may be used here.
      </p>
      {isUsed ? (
        <Notice kind="good" title="The chain shows it as used">
          <p>There is nothing left to send. The holder’s phone turns green by itself.</p>
        </Notice>
      ) : coupon === undefined ? (
        <Notice kind="bad" title="This coupon was not issued to that holder" code="NotIssued">
          <p>The contract would refuse it. Send nothing.</p>
        </Notice>
      ) : left <= 0 ? (
        <Notice kind="warn" title="It was good until a moment ago" code="HANDED_TOO_LATE">
          <p>Have the holder try again, and scan the new code.</p>
        </Notice>
      ) : (
        <Card title="Send it for them">
          <p role="timer">
            Good for {Math.floor(left / 60)}:{String(left % 60).padStart(2, '0')}.
          </p>
          <SendHanded handed={handed} proof={coupon.proof} />
        </Card>
      )}
    </div>
  )
}
