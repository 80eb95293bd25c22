'use client'

import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Address } from 'viem'
import {
  bookQuery,
  type Campaign,
  type Counters,
  type Ledger,
  uncountedRoots,
} from '../../../chain/book-queries.ts'
import { useConfig } from '../../../chain/config.tsx'
import { explainRevert, type Failure } from '../../../chain/explain-revert.ts'
import { TransactionStatus } from '../../../chain/TransactionStatus.tsx'
import { useTransaction } from '../../../chain/use-transaction.ts'
import { Button } from '../../../ui/Button.tsx'
import { Card } from '../../../ui/Card.tsx'
import { Notice } from '../../../ui/Notice.tsx'
import { momentText } from '../../../ui/range-text.ts'
import { SHARDS_PER_RELEASE } from '../campaign-care.ts'
import { type Deed, DeedDialog } from '../DeedDialog.tsx'
import { siteCountsOf } from '../watch/pace.ts'
import { paceQuery } from '../watch/read-pace.ts'
import { closedWords, closingsQuery, closingStateOf, type Statement } from './closing.ts'
import { ClosingStatement } from './ClosingStatement.tsx'

/** The end of a campaign: anybody closes it, and then its statement can be saved. */
export function ClosingPanel({
  book,
  campaign,
  counters,
  ledger,
  now,
}: {
  book: Address
  campaign: Campaign
  counters: Counters
  ledger: Ledger | undefined
  /** Unix seconds. */
  now: number
}) {
  const config = useConfig()
  const [deed, setDeed] = useState<Deed & { call: CloseCall }>()
  const [failure, setFailure] = useState<Failure>()
  const { transaction, send, look } = useTransaction({
    flow: `${config.chainId}.${book}.close.${campaign.id}`,
  })
  const isBusy = transaction.step === 'asking' || transaction.step === 'sent'
  const endsAt = Number(campaign.terms.closesAt + campaign.terms.grace)
  const state = closingStateOf({ campaign, counters, now })
  const ask = async () => {
    setFailure(undefined)
    try {
      const roots = await uncountedRoots({ config, book, campaignId: campaign.id })
      setDeed(closeDeed({ book, campaign, roots }))
    } catch (error) {
      setFailure(explainRevert(error)) // the shards could not be read: there is nothing to ask about yet
    }
  }

  return (
    <Card title="Closing statement">
      {state === 'too-early' && (
        <p>
          From {momentText(endsAt)} on, when window and grace are over, anybody can close the
          campaign: the book then counts every coupon and states the result for good.
        </p>
      )}
      {state === 'paused' && (
        <p>The campaign is paused. Its admin must let it go on before it can be closed.</p>
      )}
      {state === 'due' && (
        <>
          <p>
            Window and grace are over: nothing can change any more. Closing counts every coupon on
            the chain and states the result for good. Anybody may do it; it costs only the network’s
            fee.
          </p>
          <div>
            <Button kind="main" isBusy={isBusy} onClick={() => void ask()}>
              Close {campaign.name}
            </Button>
          </div>
        </>
      )}
      {failure && <Notice kind="bad" title={failure.sentence} code={failure.code} />}
      <TransactionStatus
        transaction={transaction}
        {...(transaction.step === 'mined' && { done: closedWords(transaction.receipt) })}
        onLookAgain={() => {
          if (transaction.step === 'failed' && transaction.hash) void look(transaction.hash)
        }}
      />
      {state === 'closed' && (
        <Closed book={book} campaign={campaign} counters={counters} ledger={ledger} />
      )}
      <DeedDialog
        deed={deed}
        onClose={() => setDeed(undefined)}
        onYes={() => {
          setDeed(undefined)
          if (deed) void send(deed.call)
        }}
      />
    </Card>
  )
}

function Closed({
  book,
  campaign,
  counters,
  ledger,
}: {
  book: Address
  campaign: Campaign
  counters: Counters
  ledger: Ledger | undefined
}) {
  const config = useConfig()
  const { data: named } = useQuery(bookQuery({ config, book }))
  const { data: closings, error } = useQuery(closingsQuery({ config, book }))
  const { data: pace } = useQuery(paceQuery({ config, book }))
  const closing = closings?.find(({ campaignId }) => campaignId === campaign.id)
  if (error) {
    return (
      <Notice kind="bad" title={explainRevert(error).sentence} code={explainRevert(error).code} />
    )
  }
  if (closing === undefined || named === undefined || pace === undefined) {
    return <p className="soft">Reading the statement from the chain…</p>
  }
  const statement: Statement = {
    book,
    bookName: named?.name ?? book,
    chainId: config.chainId,
    campaign,
    counters,
    closing,
    sites: siteCountsOf({
      minutes: pace.minutes,
      campaignId: campaign.id,
      sites: campaign.terms.sites,
    }),
  }
  return <ClosingStatement statement={statement} ledger={ledger} />
}

type CloseCall = {
  abi: typeof couponBookAbi
  address: Address
  functionName: 'close'
  args: readonly [bigint, readonly `0x${string}`[]]
}

function closeDeed({
  book,
  campaign: { id, name },
  roots,
}: {
  book: Address
  campaign: Campaign
  roots: readonly `0x${string}`[]
}): Deed & { call: CloseCall } {
  const next = roots.slice(0, SHARDS_PER_RELEASE)
  return {
    question: `Close ${name}?`,
    meaning: [
      'The book counts every coupon and states how many were issued, redeemed, taken back and left unused. It does so once, and the statement stays.',
      ...(roots.length > next.length
        ? [
            `It is a large campaign: this counts ${next.length} of ${roots.length} shards; do it again for the rest.`,
          ]
        : []),
    ],
    signs: `${name} is counted and closed. No coupon changes hands or state.`,
    call: { abi: couponBookAbi, address: book, functionName: 'close', args: [id, next] },
    yes: 'Close it',
    no: 'Not now',
  }
}
