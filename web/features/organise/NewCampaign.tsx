'use client'

import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { type Address, parseEventLogs, type TransactionReceipt } from 'viem'
import { campaignsQuery } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import { TransactionStatus } from '../../chain/TransactionStatus.tsx'
import { useTransaction } from '../../chain/use-transaction.ts'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'

// The form brings geometry with it: loaded when there is a form to show.
const CampaignForm = dynamic(async () => (await import('./CampaignForm.tsx')).CampaignForm, {
  ssr: false,
})

/** The place for a new campaign: open in an empty book, else behind a button. */
export function NewCampaign({ book }: { book: Address }) {
  const config = useConfig()
  const { data } = useQuery(campaignsQuery({ config, book }))
  const [isOpened, setIsOpened] = useState(false)
  const { transaction, send, look } = useTransaction({
    flow: `${config.chainId}.${book}.new-campaign`,
  })
  if (data === undefined) return null

  // A form that somebody works in stays, whatever the chain says meanwhile.
  const isOpen = isOpened || data.length === 0
  return (
    <Card
      title="New campaign"
      id="new-campaign"
      aside={!isOpen && <Button onClick={() => setIsOpened(true)}>Add a campaign</Button>}
    >
      {isOpen && (
        <div onFocus={() => setIsOpened(true)}>
          <CampaignForm book={book} transaction={transaction} send={send} />
        </div>
      )}
      <TransactionStatus
        transaction={transaction}
        {...(transaction.step === 'mined' && { done: madeText(transaction.receipt) })}
        onLookAgain={() => {
          if (transaction.step === 'failed' && transaction.hash) void look(transaction.hash)
        }}
      />
    </Card>
  )
}

function madeText({ logs }: Pick<TransactionReceipt, 'logs'>): string {
  const made = parseEventLogs({ abi: couponBookAbi, eventName: 'CampaignCreated', logs }).length
  return made === 1 ? 'The campaign is made.' : `${made} campaigns are made.`
}
