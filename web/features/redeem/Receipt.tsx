'use client'

import { idOf } from '@coupon-secure/protocol/coupon'
import type { Site } from '@coupon-secure/protocol/geofence'
import type { Hex } from 'viem'
import { useConfig } from '../../chain/config.tsx'
import { AddressText } from '../../ui/AddressText.tsx'
import { shortAddress } from '../../ui/short-address.ts'
import { Button } from '../../ui/Button.tsx'
import type { Pocket } from './journal.ts'
import type { Redemption } from './redemption.ts'
import styles from './receipt.module.css'
import sheet from './redeem.module.css'
import { SaveEvidence } from './SaveEvidence.tsx'
import { useNow } from './use-now.ts'
import { clockText, momentText, spanText } from './when.ts'

/** The steps that may have something to show at the counter. */
export type WithReceipt = Extract<Redemption, { step: 'sent' | 'redeemed' | 'stopped' }>

type State = 'sent' | 'redeemed' | 'over'

const WORDS: Record<State, { mark: string; title: string; spoken: string }> = {
  sent: {
    mark: '…',
    title: 'Sent – wait for green',
    spoken: 'Sent. The chain has not confirmed it yet.',
  },
  redeemed: {
    mark: '✓',
    title: 'Coupon used',
    spoken: 'Confirmed by the chain. The coupon is used. Show this to the staff.',
  },
  over: {
    mark: '✕',
    title: 'Already used',
    spoken: 'This coupon was used before. It cannot be used again.',
  },
}

/**
 * What the holder shows at the counter. The clock and the band keep moving, so that a picture of it stands still and is
 * seen to be one; without motion the band changes sides every second instead.
 */
export function Receipt({
  redemption,
  pocket,
  names,
  geofenceHash,
  isPretended,
  onDone,
}: {
  redemption: WithReceipt
  pocket: Pocket
  names: readonly Site[] | undefined
  geofenceHash: Hex
  isPretended: boolean
  onDone: () => void
}) {
  const config = useConfig()
  const now = useNow()
  const state: State = redemption.step === 'stopped' ? 'over' : redemption.step
  const facts = factsOf(redemption)
  const words = WORDS[state]
  const id = idOf({ ...pocket, ...redemption.coupon })
  const site =
    facts === undefined || facts.site === 0
      ? undefined
      : (names?.find(({ number }) => number === facts.site)?.name ?? `Site ${facts.site}`)

  return (
    <>
      <div className={`${styles.receipt} ${styles[state]}`} data-state={state}>
        <div
          className={`${styles.band} ${now % 2 === 0 ? styles.even : styles.odd}`}
          aria-hidden="true"
        >
          <span />
        </div>
        <div className={styles.mark} aria-hidden="true">
          {words.mark}
        </div>
        <p className={styles.title} role="status">
          {words.title}
          <span className="unseen">. {words.spoken}</span>
        </p>
        {site && <p className={styles.site}>{site}</p>}
        {facts?.at !== undefined && (
          <p className={styles.time}>
            {momentText({ at: Number(facts.at), now })}
            <span>
              {now - Number(facts.at) < 5 ? 'just now' : `${agoText(now - Number(facts.at))} ago`}
            </span>
          </p>
        )}
        <p className={styles.clock} aria-hidden="true">
          <span>Now</span> {clockText({ at: now, hasSeconds: true })}
        </p>
      </div>
      <dl className={styles.facts}>
        <dt>Coupon</dt>
        <dd>
          <code title={id}>{id.slice(0, 8)}</code>
        </dd>
        <dt>Holder</dt>
        <dd>
          <AddressText address={redemption.coupon.holder} />
        </dd>
        {facts?.isFinal !== undefined && (
          <>
            <dt>State</dt>
            <dd>{facts.isFinal ? 'Final' : 'Confirmed, not final yet'}</dd>
          </>
        )}
        {facts && (
          <>
            <dt>Transaction</dt>
            <dd>
              {config.explorerUrl ? (
                <a href={`${config.explorerUrl}/tx/${facts.hash}`} target="_blank" rel="noreferrer">
                  <code>{shortAddress(facts.hash)}</code>
                </a>
              ) : (
                <code title={facts.hash}>{shortAddress(facts.hash)}</code>
              )}
            </dd>
          </>
        )}
      </dl>
      {state === 'redeemed' && (
        <SaveEvidence {...{ pocket, geofenceHash }} coupon={redemption.coupon} />
      )}
      {isPretended && state !== 'over' && (
        <p className={sheet.mark}>Pretended position – local chain only</p>
      )}
      {state === 'over' && (
        <p className="soft small">
          Code <code>COUPON_REDEEMED</code>
        </p>
      )}
      <Button className={styles.done} kind={state === 'sent' ? 'quiet' : 'other'} onClick={onDone}>
        {state === 'sent' ? 'Leave – it goes on without me' : 'Done'}
      </Button>
    </>
  )
}

function factsOf(
  redemption: WithReceipt,
): { hash: string; site: number; at: bigint | undefined; isFinal?: boolean } | undefined {
  switch (redemption.step) {
    case 'sent':
      return { hash: redemption.hash, site: redemption.site, at: undefined }
    case 'redeemed':
      return redemption.redeemed
    case 'stopped':
      return redemption.rest.kind === 'over' ? redemption.rest.redeemed : undefined
  }
}

function agoText(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : spanText(seconds)
}
