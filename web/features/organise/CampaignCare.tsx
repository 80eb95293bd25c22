'use client'

import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { skipToken, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Address } from 'viem'
import { useConnection } from 'wagmi'
import { type Campaign, type Counters, uncountedRoots } from '../../chain/book-queries.ts'
import { readHasRole } from '../../chain/book-reads.ts'
import { useConfig } from '../../chain/config.tsx'
import { explainRevert, type Failure } from '../../chain/explain-revert.ts'
import { TransactionStatus } from '../../chain/TransactionStatus.tsx'
import { useTransaction } from '../../chain/use-transaction.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Notice } from '../../ui/Notice.tsx'
import {
  type Care,
  careDone,
  caresFor,
  careWords,
  type CareWords,
  SHARDS_PER_RELEASE,
} from './campaign-care.ts'
import styles from './organise.module.css'
import { ADMIN_ROLE, GUARDIAN_ROLE } from './roles.ts'

/** Pause, resume, release what is unused: each asked about in words before the wallet is. */
export function CampaignCare({
  book,
  campaign,
  counters,
  now,
}: {
  book: Address
  campaign: Campaign
  counters: Counters | undefined
  /** Unix seconds. */
  now: number
}) {
  const config = useConfig()
  const { isAdmin, isGuardian } = useRoles(book)
  const [asked, setAsked] = useState<Care>()
  const [failure, setFailure] = useState<Failure>()
  const { transaction, send, look } = useTransaction({
    flow: `${config.chainId}.${book}.care.${campaign.id}`,
  })
  const cares = caresFor({ campaign, counters, isAdmin, isGuardian, now })
  const shards = counters ? counters.shards - counters.shardsCounted : 0n
  const wordsOf = (care: Care) => careWords({ care, name: campaign.name, shards })
  const isBusy = transaction.step === 'asking' || transaction.step === 'sent'

  const perform = async (care: Care) => {
    setAsked(undefined)
    setFailure(undefined)
    const call = { abi: couponBookAbi, address: book } as const
    if (care !== 'release') {
      await send({ ...call, functionName: care, args: [campaign.id] })
      return
    }
    try {
      const roots = await uncountedRoots({ config, book, campaignId: campaign.id })
      const next = roots.slice(0, SHARDS_PER_RELEASE)
      await send({ ...call, functionName: 'release', args: [campaign.id, next] })
    } catch (error) {
      setFailure(explainRevert(error)) // the shards could not be read: nothing was asked of the wallet
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
              onClick={() => setAsked(care)}
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
      <Dialog
        title={asked && wordsOf(asked).question}
        isOpen={asked !== undefined}
        onClose={() => setAsked(undefined)}
      >
        {asked && (
          <Question
            words={wordsOf(asked)}
            isDangerous={asked !== 'resume'}
            onYes={() => void perform(asked)}
            onNo={() => setAsked(undefined)}
          />
        )}
      </Dialog>
    </>
  )
}

function Question({
  words: { button, meaning, stay },
  isDangerous,
  onYes,
  onNo,
}: {
  words: CareWords
  isDangerous: boolean
  onYes: () => void
  onNo: () => void
}) {
  return (
    <>
      {meaning.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <p className="soft small">Your wallet will ask once; the network takes a small fee.</p>
      <div className={styles.answers}>
        <Button onClick={onNo}>{stay}</Button>
        <Button kind={isDangerous ? 'danger' : 'main'} onClick={onYes}>
          {button}
        </Button>
      </div>
    </>
  )
}

function useRoles(book: Address): { isAdmin: boolean; isGuardian: boolean } {
  const config = useConfig()
  const { address } = useConnection()
  const { data } = useQuery({
    queryKey: ['chain', config.chainId, 'care-roles', book, address],
    queryFn: address
      ? async () => {
          const [isAdmin, isGuardian] = await Promise.all(
            [ADMIN_ROLE, GUARDIAN_ROLE].map((role) =>
              readHasRole({ config, book, role, account: address }),
            ),
          )
          return { isAdmin: isAdmin === true, isGuardian: isGuardian === true }
        }
      : skipToken,
  })
  return data ?? { isAdmin: false, isGuardian: false }
}
