'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Address, zeroHash } from 'viem'
import { campaignsQuery } from '../../../chain/book-queries.ts'
import { useConfig } from '../../../chain/config.tsx'
import { keptGeofence } from '../../../chain/kept-geofences.ts'
import { Button } from '../../../ui/Button.tsx'
import { type FieldProblem, Select } from '../../../ui/Field.tsx'
import { readGeofence } from '../oracle-client.ts'
import styles from './places.module.css'
import type { Imported } from './places-file.ts'

/** Takes over the sites of another campaign of the book; the salt and the policy stay the form's own. */
export function CopyPlaces({
  book,
  onImported,
}: {
  book: Address
  onImported: (imported: Imported, words: string) => void
}) {
  const config = useConfig()
  const { data: campaigns = [] } = useQuery(campaignsQuery({ config, book }))
  const [chosen, setChosen] = useState('')
  const [problem, setProblem] = useState<FieldProblem>()
  const [isBusy, setIsBusy] = useState(false)
  const withPlace = campaigns.filter(({ terms }) => terms.geofenceHash !== zeroHash)
  if (withPlace.length === 0) return null

  const campaign = withPlace.find(({ id }) => String(id) === chosen) ?? withPlace.at(-1)
  const copy = async () => {
    if (campaign === undefined) return
    const hash = campaign.terms.geofenceHash
    setProblem(undefined)
    setIsBusy(true)
    const kept = keptGeofence(hash)
    const read = kept
      ? { ok: true as const, answer: kept }
      : await readGeofence({ oracleUrl: config.oracleUrl, hash })
    setIsBusy(false)
    if (!read.ok) return setProblem({ code: read.code, message: read.sentence })
    onImported({ sites: read.answer.sites, findings: [] }, `copy from ${campaign.name}`)
  }
  return (
    <div className={styles.line}>
      <Select
        label="Or copy the places of another campaign"
        value={String(campaign?.id ?? '')}
        onChange={(event) => {
          setProblem(undefined)
          setChosen(event.target.value)
        }}
        problem={problem}
      >
        {withPlace.map(({ id, name, terms }) => (
          <option key={id} value={String(id)}>
            {name} (no. {String(id)}, {terms.sites === 1 ? '1 site' : `${terms.sites} sites`})
          </option>
        ))}
      </Select>
      <Button onClick={() => void copy()} isBusy={isBusy}>
        Copy its places
      </Button>
    </div>
  )
}
