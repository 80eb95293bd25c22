'use client'

import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { type SubmitEvent, useState } from 'react'
import type { Address } from 'viem'
import type { Campaign, Counters } from '../../../chain/book-queries.ts'
import { useConfig } from '../../../chain/config.tsx'
import { CostNote } from '../../../chain/CostNote.tsx'
import { TransactionStatus } from '../../../chain/TransactionStatus.tsx'
import { useTransaction } from '../../../chain/use-transaction.ts'
import { Button } from '../../../ui/Button.tsx'
import { Card } from '../../../ui/Card.tsx'
import { Field } from '../../../ui/Field.tsx'
import { momentText } from '../../../ui/range-text.ts'
import { ownZone } from '../../../ui/zones.ts'
import { CampaignCare } from '../CampaignCare.tsx'
import { useRoles } from '../use-roles.ts'
import { localOf } from '../zoned-time.ts'
import { releaseOf, termsHeldUntil } from './release.ts'

type Of = { book: Address; campaign: Campaign; counters: Counters; now: number }

/** From when on unused coupons are anybody's: chosen before the window opens, carried out after that time. */
export function ReleasePanel({ book, campaign, counters, now }: Of) {
  const release = releaseOf({ campaign, counters, now })
  return <Card title="Release what is unused">{words()}</Card>

  function words() {
    switch (release.kind) {
      case 'free':
        return <HeldUntilForm book={book} campaign={campaign} counters={counters} now={now} />
      case 'held-to-the-end':
        return (
          <p>
            When it opened, this campaign promised to hold each coupon for its holder to the end.
            That can no longer be changed, by anybody. What you can do: take coupons back below, and
            give them to others.
          </p>
        )
      case 'waiting':
        return (
          <p>
            Unused coupons are held until {momentText(release.heldUntil)}; then you release them
            here with one signature. The time was promised when the window opened and can no longer
            be changed.
          </p>
        )
      case 'due':
        return (
          <>
            <p>
              The time until which coupons were held is over. Once released, standby holders and
              those who come late share what is unused, first come, first served.
            </p>
            <CampaignCare {...{ book, campaign, counters, now }} deeds={['release']} />
          </>
        )
      case 'released':
        return (
          <p>
            Released: {counters.leftForAll.toLocaleString('en-GB')} left for standby and late
            holders. This cannot be taken back.
          </p>
        )
      case 'paused':
        return <p>The campaign is paused. Nothing of it can be changed before it goes on.</p>
      case 'over':
        return <p>The campaign is over: nothing can be released any more.</p>
    }
  }
}

function HeldUntilForm({ book, campaign, counters }: Of) {
  const config = useConfig()
  const { isManager } = useRoles(book)
  const [zone] = useState(ownZone)
  const [local, setLocal] = useState(() =>
    campaign.terms.heldUntil === 0n
      ? ''
      : localOf({ seconds: Number(campaign.terms.heldUntil), zone }),
  )
  const { transaction, send, look } = useTransaction({
    flow: `${config.chainId}.${book}.held-until.${campaign.id}`,
  })
  const isBusy = transaction.step === 'asking' || transaction.step === 'sent'
  const { terms } = campaign
  const checked = termsHeldUntil({ terms, local, zone, standby: counters.standbyIssued })
  const isChanged = checked.ok && checked.terms.heldUntil !== terms.heldUntil
  const call = isChanged
    ? ({
        abi: couponBookAbi,
        address: book,
        functionName: 'changeTerms',
        args: [campaign.id, checked.terms],
      } as const)
    : undefined
  const deed = !checked.ok
    ? 'until when unused coupons are held.'
    : checked.terms.heldUntil === 0n
      ? `${campaign.name} holds its coupons to the end, and has no standby.`
      : `unused coupons of ${campaign.name} may be released from ${momentText(Number(checked.terms.heldUntil))} on. Nothing else of its terms changes.`
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (call) void send(call)
  }
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <p>
        Until the window opens {momentText(Number(terms.opensAt))} you may choose from when on
        unused coupons go to whoever comes first, standby holders and late ones alike. After that
        the time is fixed.
      </p>
      <Field
        label="Release from"
        type="datetime-local"
        value={local}
        onChange={(event) => setLocal(event.target.value)}
        problem={checked.ok ? undefined : checked.problem}
        hint={`As clocks in ${zone} show it; empty: coupons are held to the end.`}
      />
      <CostNote deed={deed} call={call} />
      {!isManager && <p className="soft small">Only a manager of the book can change it.</p>}
      <div>
        <Button
          kind="main"
          type="submit"
          isBusy={isBusy}
          disabled={call === undefined || !isManager}
        >
          Set the time of release
        </Button>
      </div>
      <TransactionStatus
        transaction={transaction}
        done="The time of release is set."
        onLookAgain={() => {
          if (transaction.step === 'failed' && transaction.hash) void look(transaction.hash)
        }}
      />
    </form>
  )
}
