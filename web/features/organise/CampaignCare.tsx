'use client'

import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { useState } from 'react'
import type { Address } from 'viem'
import { type Campaign, type Counters, uncountedRoots } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import type { ContractCall } from '../../chain/ethers-signer.ts'
import { explainRevert, type Failure } from '../../chain/explain-revert.ts'
import { TransactionStatus } from '../../chain/TransactionStatus.tsx'
import { useTransaction } from '../../chain/use-transaction.ts'
import { Button } from '../../ui/Button.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { type Care, careDone, caresFor, careWords, SHARDS_PER_RELEASE } from './campaign-care.ts'
import { type Deed, DeedDialog } from './DeedDialog.tsx'
import { useRoles } from './use-roles.ts'

type CareCall = ContractCall<typeof couponBookAbi, 'pause' | 'resume' | 'release'>

/** Pause, resume, release what is unused: each asked about in words before the wallet is. */
export function CampaignCare({
  book,
  campaign,
  counters,
  deeds = ['release', 'pause', 'resume'],
  now,
}: {
  book: Address
  campaign: Campaign
  counters: Counters | undefined
  /** What of it belongs where it stands. */
  deeds?: readonly Care[]
  /** Unix seconds. */
  now: number
}) {
  const config = useConfig()
  const { isAdmin, isGuardian } = useRoles(book)
  const [deed, setDeed] = useState<Deed & { call: CareCall }>()
  const [failure, setFailure] = useState<Failure>()
  const { transaction, send, look } = useTransaction({
    flow: `${config.chainId}.${book}.care.${campaign.id}`,
  })
  const cares = caresFor({ campaign, counters, isAdmin, isGuardian, now }).filter((care) =>
    deeds.includes(care),
  )
  const shards = counters ? counters.shards - counters.shardsCounted : 0n
  const wordsOf = (care: Care) => careWords({ care, name: campaign.name, shards })
  const isBusy = transaction.step === 'asking' || transaction.step === 'sent'

  const callFor = async (care: Care): Promise<CareCall> => {
    const of = { abi: couponBookAbi, address: book } as const
    if (care !== 'release') return { ...of, functionName: care, args: [campaign.id] }
    const roots = await uncountedRoots({ config, book, campaignId: campaign.id })
    const next = roots.slice(0, SHARDS_PER_RELEASE)
    return { ...of, functionName: 'release', args: [campaign.id, next] }
  }
  const ask = async (care: Care) => {
    setFailure(undefined)
    const { question, meaning, button, stay, signs } = wordsOf(care)
    try {
      const call = await callFor(care)
      const answers = { yes: button, no: stay, isDangerous: care !== 'resume' }
      setDeed({ question, meaning, signs, call, ...answers })
    } catch (error) {
      setFailure(explainRevert(error)) // the shards could not be read: there is nothing to ask about yet
    }
  }

  return (
    <>
      {campaign.pausedAt !== 0n && isGuardian && !isAdmin && (
        <p className="soft small">Only the admin of the book can resume it.</p>
      )}
      {cares.length > 0 && (
        <div className="row">
          {cares.map((care) => (
            <Button
              key={care}
              isBusy={isBusy}
              onClick={() => void ask(care)}
              aria-label={`${wordsOf(care).button}: ${campaign.name}`}
            >
              {wordsOf(care).button}
            </Button>
          ))}
        </div>
      )}
      <TransactionStatus
        transaction={transaction}
        {...(transaction.step === 'mined' && { done: careDone(transaction.receipt) })}
        onLookAgain={() => {
          if (transaction.step === 'failed' && transaction.hash) void look(transaction.hash)
        }}
      />
      {failure && <Notice kind="bad" title={failure.sentence} code={failure.code} />}
      <DeedDialog
        deed={deed}
        onClose={() => setDeed(undefined)}
        onYes={() => {
          setDeed(undefined)
          if (deed) void send(deed.call)
        }}
      />
    </>
  )
}
