'use client'

import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import { type RefusalAnswer, sentenceFor } from '@coupon-secure/protocol/wire'
import { useEffect, useState } from 'react'
import type { Hex } from 'viem'
import { useConfig } from '../../chain/config.tsx'
import { readWitness } from '../../chain/book-reads.ts'
import { AddressText } from '../../ui/AddressText.tsx'
import { Button } from '../../ui/Button.tsx'
import type { Pocket } from './journal.ts'
import receipt from './receipt.module.css'
import { fileOf, type Proof, proofOf, refusalsOf, wired } from './refusals.ts'
import styles from './redeem.module.css'
import { SaveAnswer } from './SaveEvidence.tsx'
import { useWords } from '../../words/use-words.ts'
import { momentText } from './when.ts'

type Of = { pocket: Pocket; coupon: HeldCoupon; geofenceHash: Hex }

/** What the oracle signed when it said no to this coupon: proof that its holder asked, to show or to save. */
export default function RefusalReceipts({ pocket, coupon, geofenceHash }: Of) {
  const { say } = useWords()
  const [kept] = useState(() => refusalsOf({ shelf: localStorage, pocket }).read(coupon))
  if (kept.length === 0) return null
  return (
    <details className={styles.refusals}>
      <summary>{say('proof.title', { count: kept.length })}</summary>
      {kept.map((refused) => (
        <Refused key={refused.signature} {...{ pocket, coupon, geofenceHash, refused }} />
      ))}
    </details>
  )
}

function Refused({ pocket, coupon, geofenceHash, refused }: Of & { refused: RefusalAnswer }) {
  const words = useWords()
  const { say, explain } = words
  const config = useConfig()
  const [proof, setProof] = useState<Proof | 'unknown'>()
  const { code, refusal, logged } = refused
  const at = Number(refusal.refusedAt)

  useEffect(() => {
    let isCurrent = true
    const isWitness = async (key: `0x${string}`) =>
      (await readWitness({ config, book: pocket.book, key })).classes !== 0
    proofOf({ pocket, refused, isWitness }).then(
      (found) => isCurrent && setProof(found),
      () => isCurrent && setProof('unknown'), // no network: what was signed can be checked later
    )
    return () => {
      isCurrent = false
    }
  }, [config, pocket, refused])

  const save = () => {
    const url = URL.createObjectURL(
      new Blob([fileOf({ pocket, refused })], { type: 'application/json' }),
    )
    const link = document.createElement('a')
    link.href = url
    link.download = `refusal-${refusal.campaignId}-${refusal.serial}-${at}.json`
    link.click()
    URL.revokeObjectURL(url)
  }

  return (
    <div className={styles.refusal}>
      <p>{explain({ code, sentence: sentenceFor[code] })}</p>
      <dl className={receipt.facts}>
        <dt>{say('common.code')}</dt>
        <dd>
          <code>{code}</code>
        </dd>
        <dt>{say('proof.when')}</dt>
        <dd>{momentText({ at, now: at, words })}</dd>
        <dt>{say('proof.oracle')}</dt>
        <dd>
          {proof && proof !== 'unknown' && proof.signer ? (
            <AddressText address={proof.signer} />
          ) : (
            '…'
          )}
        </dd>
        <dt>{say('proof.log')}</dt>
        <dd>{say('proof.entry', { number: String(logged.index) })}</dd>
      </dl>
      <p className="small" role="status">
        {say(proofKey(proof))}
      </p>
      <Button kind="quiet" onClick={save}>
        {say('proof.save')}
      </Button>
      <SaveAnswer {...{ pocket, coupon, geofenceHash }} answer={wired(refused)} />
    </div>
  )
}

function proofKey(
  proof: Proof | 'unknown' | undefined,
): 'proof.checking' | 'proof.unknown' | 'proof.good' | 'proof.bad' {
  if (proof === undefined) return 'proof.checking'
  if (proof === 'unknown') return 'proof.unknown'
  return proof.isOfWitness ? 'proof.good' : 'proof.bad'
}
