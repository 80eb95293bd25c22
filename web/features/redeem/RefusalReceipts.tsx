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
import { momentText } from './when.ts'

type Of = { pocket: Pocket; coupon: HeldCoupon; geofenceHash: Hex }

/** What the oracle signed when it said no to this coupon: proof that its holder asked, to show or to save. */
export default function RefusalReceipts({ pocket, coupon, geofenceHash }: Of) {
  const [kept] = useState(() => refusalsOf({ shelf: localStorage, pocket }).read(coupon))
  if (kept.length === 0) return null
  return (
    <details className={styles.refusals}>
      <summary>{kept.length === 1 ? 'Proof that you asked' : 'Proofs that you asked'}</summary>
      {kept.map((refused) => (
        <Refused key={refused.signature} {...{ pocket, coupon, geofenceHash, refused }} />
      ))}
    </details>
  )
}

function Refused({ pocket, coupon, geofenceHash, refused }: Of & { refused: RefusalAnswer }) {
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
      <p>{sentenceFor[code]}</p>
      <dl className={receipt.facts}>
        <dt>Code</dt>
        <dd>
          <code>{code}</code>
        </dd>
        <dt>When</dt>
        <dd>{momentText({ at, now: at })}</dd>
        <dt>Oracle</dt>
        <dd>
          {proof && proof !== 'unknown' && proof.signer ? (
            <AddressText address={proof.signer} />
          ) : (
            '…'
          )}
        </dd>
        <dt>In its log</dt>
        <dd>entry {logged.index}</dd>
      </dl>
      <p className="small" role="status">
        {wordsFor(proof)}
      </p>
      <Button kind="quiet" onClick={save}>
        Save it as a file
      </Button>
      <SaveAnswer {...{ pocket, coupon, geofenceHash }} answer={wired(refused)} />
    </div>
  )
}

function wordsFor(proof: Proof | 'unknown' | undefined): string {
  if (proof === undefined) return 'Checking the signature …'
  if (proof === 'unknown')
    return 'The network cannot be reached to check the signature. It is kept.'
  return proof.isOfWitness
    ? 'Signed by an oracle of this book: this proves that you asked, and what you were told.'
    : 'Not signed by a witness of this book: this proves nothing.'
}
