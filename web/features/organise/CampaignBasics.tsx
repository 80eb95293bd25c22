'use client'

import { useState } from 'react'
import { Field, Select } from '../../ui/Field.tsx'
import { zones } from '../../ui/zones.ts'
import type { CampaignDraft, CampaignProblems } from './campaign-draft.ts'
import styles from './organise.module.css'
import { ZonedField } from './ZonedField.tsx'

/** A campaign's name, window, how long coupons are held, supply and grace. */
export function CampaignBasics({
  draft,
  problems,
  onChange,
}: {
  draft: CampaignDraft
  problems: CampaignProblems['fields']
  onChange: (part: Partial<CampaignDraft>) => void
}) {
  const [known] = useState(zones)
  const time = (field: 'opensAt' | 'closesAt' | 'heldUntil') => ({
    value: draft[field],
    zone: draft.zone,
    picks: draft.picks,
    problem: problems[field],
    onChange: (local: string) => onChange({ [field]: local }),
    onPicks: (picks: CampaignDraft['picks']) => onChange({ picks }),
  })
  return (
    <div className="stack">
      <Field
        label="Name"
        value={draft.name}
        onChange={(event) => onChange({ name: event.target.value })}
        problem={problems.name}
        placeholder="Lunch, Saturday"
        autoComplete="off"
      />
      <div className={styles.pair}>
        <ZonedField label="Opens" {...time('opensAt')} />
        <ZonedField label="Closes" {...time('closesAt')} />
      </div>
      <ZonedField
        label="Hold coupons until (optional)"
        {...time('heldUntil')}
        hint="After that you can release what is unused, to standby holders and whoever comes late. Empty: coupons are held to the end."
      />
      <Select
        label="Time zone"
        value={draft.zone}
        onChange={(event) => onChange({ zone: event.target.value })}
        hint="All times are what clocks there show."
      >
        {known.map((zone) => (
          <option key={zone}>{zone}</option>
        ))}
      </Select>
      <div className={styles.pair}>
        <Field
          label="Supply"
          inputMode="numeric"
          value={draft.supply}
          onChange={(event) => onChange({ supply: event.target.value })}
          problem={problems.supply}
          hint="The most coupons that can be out at once, in each campaign."
        />
        <Field
          label="Grace, hours"
          inputMode="decimal"
          value={draft.graceHours}
          onChange={(event) => onChange({ graceHours: event.target.value })}
          problem={problems.graceHours}
          hint="How long after closing a redemption seen in time may still be settled."
        />
      </div>
    </div>
  )
}
