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
import type { Words } from '../../words/words.ts'
import { useWords } from '../../words/use-words.ts'
import { clockText, momentText, spanText } from './when.ts'

/** The steps that may have something to show at the counter. */
export type WithReceipt = Extract<Redemption, { step: 'sent' | 'redeemed' | 'stopped' }>

type State = 'sent' | 'redeemed' | 'over'

const MARKS: Record<State, string> = { sent: '…', redeemed: '✓', over: '✕' }

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
  const words = useWords()
  const { say } = words
  const config = useConfig()
  const now = useNow()
  const state: State = redemption.step === 'stopped' ? 'over' : redemption.step
  const facts = factsOf(redemption)
  const id = idOf({ ...pocket, ...redemption.coupon })
  const site =
    facts === undefined || facts.site === 0
      ? undefined
      : (names?.find(({ number }) => number === facts.site)?.name ??
        say('common.site', { number: facts.site }))

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
          {MARKS[state]}
        </div>
        <p className={styles.title} role="status">
          {say(`receipt.${state}`)}
          <span className="unseen">. {say(`receipt.${state}.spoken`)}</span>
        </p>
        {site && (
          <p className={styles.site}>
            <bdi>{site}</bdi>
          </p>
        )}
        {facts?.at !== undefined && (
          <p className={styles.time}>
            {momentText({ at: Number(facts.at), now, words })}
            <span>{agoText({ seconds: now - Number(facts.at), words })}</span>
          </p>
        )}
        <p className={styles.clock} aria-hidden="true">
          <span>{say('receipt.now')}</span>{' '}
          <bdi>{clockText({ at: now, words, hasSeconds: true })}</bdi>
        </p>
      </div>
      <dl className={styles.facts}>
        <dt>{say('receipt.coupon')}</dt>
        <dd>
          <code title={id}>{id.slice(0, 8)}</code>
        </dd>
        <dt>{say('receipt.holder')}</dt>
        <dd>
          <AddressText address={redemption.coupon.holder} />
        </dd>
        {facts?.isFinal !== undefined && (
          <>
            <dt>{say('receipt.state')}</dt>
            <dd>{say(facts.isFinal ? 'receipt.final' : 'receipt.confirmed')}</dd>
          </>
        )}
        {facts && (
          <>
            <dt>{say('receipt.transaction')}</dt>
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
        <p className={sheet.mark} lang="en" dir="ltr">
          Pretended position – local chain only
        </p>
      )}
      {state === 'over' && (
        <p className="soft small">
          {say('common.code')} <code>COUPON_REDEEMED</code>
        </p>
      )}
      <Button className={styles.done} kind={state === 'sent' ? 'quiet' : 'other'} onClick={onDone}>
        {say(state === 'sent' ? 'receipt.leave' : 'receipt.done')}
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

function agoText({ seconds, words }: { seconds: number; words: Words }): string {
  const { say } = words
  if (seconds < 5) return say('receipt.justNow')
  const span = seconds < 60 ? say('span.seconds', { seconds }) : spanText({ seconds, words })
  return say('receipt.ago', { span })
}
