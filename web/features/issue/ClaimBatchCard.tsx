'use client'

import type { Coupon } from '@coupon-secure/protocol/coupon'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { bookQuery, type Campaign, campaignsQuery } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import { keptGeofence } from '../../chain/kept-geofences.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field, Select } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { fileNameOf, saveFile } from '../../ui/save-file.ts'
import { Progress } from '../../ui/Spinner.tsx'
import { ownZone, zones } from '../../ui/zones.ts'
import { type ClaimBatch, claimBatches } from './claim-batch.ts'
import { cardsOf, issuedRows, mailMergeOf } from './claim-files.ts'
import styles from './issue.module.css'
import { journalName } from './journal.ts'

/** One issue's claim links: as a list, as cards, and forgotten. */
export function ClaimBatchCard({
  batch,
  coupons,
  onChange,
}: {
  batch: ClaimBatch
  /** By holder; undefined before the chain has answered. */
  coupons: ReadonlyMap<string, readonly Coupon[]> | undefined
  onChange: () => void
}) {
  const config = useConfig()
  const { book } = batch
  const { data: named } = useQuery(bookQuery({ config, book }))
  const { data: campaigns = [] } = useQuery(campaignsQuery({ config, book }))
  const [zone, setZone] = useState(ownZone)
  const [place, setPlace] = useState<string>()
  const [progress, setProgress] = useState<{ done: number; total: number }>()
  const [problem, setProblem] = useState<string>()
  const [isForgetting, setIsForgetting] = useState(false)

  const rows = coupons ? issuedRows({ batch, coupons }) : []
  const missing = batch.rows.length - rows.length
  // What is still to be issued to these keys must not lose them.
  const journal = localStorage.getItem(journalName(batch)) ?? ''
  const [first] = batch.rows
  const isUnderWay = first !== undefined && journal.includes(first.holder)
  const held = new Set(
    rows.flatMap(({ holder }) =>
      (coupons?.get(holder.toLowerCase()) ?? []).map(({ campaignId }) => campaignId),
    ),
  )
  const meals = campaigns.filter(({ id }) => held.has(id))
  const known = [...new Set(meals.map(sitesText).filter((text) => text !== ''))].join(' / ')
  const fileName = (kind: string) =>
    `${fileNameOf(named?.name ?? 'coupons')}-${new Date(batch.madeAt).toISOString().slice(0, 16).replace(/\D/g, '')}.${kind}`

  const noteDownload = async () => {
    await keepAsDownloaded(batch)
    onChange()
  }
  const saveList = async () => {
    const content = mailMergeOf({ batch, rows, origin: location.origin })
    saveFile({ name: fileName('csv'), type: 'text/csv', content })
    await noteDownload()
  }
  const saveCards = async () => {
    setProblem(undefined)
    setProgress({ done: 0, total: 1 })
    await new Promise((resolve) => setTimeout(resolve)) // the button says at once that it is busy
    const placeOf = (campaign: Campaign) => place ?? sitesText(campaign)
    const cards = cardsOf({
      ...{ batch, rows, coupons: coupons ?? new Map(), campaigns, zone, placeOf },
      origin: location.origin,
    })
    const report = (done: number) => setProgress({ done, total: cards.length })
    report(0)
    try {
      const [{ cardsPdf }, { drawScript }] = await Promise.all([
        import('./cards-pdf.ts'),
        import('../../ui/draw-script.ts'),
      ])
      const pdf = await cardsPdf({ cards, book: named?.name ?? '', drawScript, onProgress: report })
      saveFile({ name: fileName('pdf'), type: 'application/pdf', content: new Uint8Array(pdf) })
      await noteDownload()
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    }
    setProgress(undefined)
  }
  const forget = async () => {
    await claimBatches().forget(batch)
    setIsForgetting(false)
    onChange()
  }

  return (
    <section className={styles.batch} aria-label={`Claim links made ${timeOf(batch.madeAt)}`}>
      <h3>{timeOf(batch.madeAt)}</h3>
      <p>
        {coupons === undefined
          ? 'Looking at the chain…'
          : `${count(rows.length, 'person', 'people')} with coupons${meals.length > 0 ? ` in ${meals.map(({ name }) => name).join(', ')}` : ''}.`}
        {coupons && missing > 0 && (
          <strong>
            {' '}
            {count(missing, 'row has', 'rows have')} none yet and {missing === 1 ? 'is' : 'are'}{' '}
            left out of the files: finish the issue above first.
          </strong>
        )}
      </p>
      {rows.length > 0 && (
        <>
          <div className={styles.columns}>
            <Field
              label="Place, as the cards say it"
              hint="Empty: the names of the sites, where this browser knows them."
              value={place ?? known}
              onChange={(event) => setPlace(event.target.value)}
            />
            <Select
              label="Time zone of the cards"
              hint="The zone of the place, not of the holder."
              value={zone}
              onChange={(event) => setZone(event.target.value)}
            >
              {zones().map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          </div>
          {progress && (
            <Progress label={`${progress.done} of ${progress.total} cards drawn`} {...progress} />
          )}
          {problem !== undefined && (
            <Notice kind="bad" title="The cards could not be made." code="CARDS_FAILED">
              <p>{problem} The links are still here; try again, or take the list.</p>
            </Notice>
          )}
          <div className="row">
            <Button kind="main" onClick={() => void saveList()}>
              Download the list (CSV)
            </Button>
            <Button kind="main" isBusy={progress !== undefined} onClick={() => void saveCards()}>
              Download cards to print (PDF)
            </Button>
          </div>
        </>
      )}
      <div className="row">
        {batch.downloadedAt === undefined && (rows.length > 0 || isUnderWay) ? (
          <p className="soft small">Not downloaded yet.</p>
        ) : (
          <>
            {batch.downloadedAt !== undefined && (
              <p className="soft small">Downloaded {timeOf(batch.downloadedAt)}.</p>
            )}
            <Button kind="danger" onClick={() => setIsForgetting(true)}>
              Forget these keys
            </Button>
          </>
        )}
      </div>
      <Dialog
        title="Forget these keys?"
        isOpen={isForgetting}
        onClose={() => setIsForgetting(false)}
      >
        <p>
          This browser will not know the {count(batch.rows.length, 'link', 'links')} any more. They
          go on working for whoever has them; nobody can make them again.
        </p>
        <p>Look first that the files you downloaded open and are kept safe.</p>
        <div className="row">
          <Button kind="danger" onClick={() => void forget()}>
            Forget them
          </Button>
          <Button onClick={() => setIsForgetting(false)}>Keep them</Button>
        </div>
      </Dialog>
    </section>
  )
}

async function keepAsDownloaded(batch: ClaimBatch): Promise<void> {
  await claimBatches().keep({ ...batch, downloadedAt: Date.now() })
}

/** The names of a campaign's sites, where this browser drew them. */
function sitesText({ terms }: Campaign): string {
  const sites = keptGeofence(terms.geofenceHash)?.sites ?? []
  return sites.map(({ name }) => name).join(', ')
}

function count(number: number, one: string, many: string): string {
  return number === 1 ? `One ${one}` : `${number.toLocaleString('en-GB')} ${many}`
}

function timeOf(at: number): string {
  return new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
}
