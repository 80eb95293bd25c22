'use client'

import { useState } from 'react'
import { Field, Select } from '../../ui/Field.tsx'
import type { CampaignDraft, CampaignProblems } from './campaign-draft.ts'
import styles from './organise.module.css'
import { zones } from '../../ui/zones.ts'
import { instantOf } from './zoned-time.ts'

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
        <Field
          label="Opens"
          type="datetime-local"
          value={draft.opensAt}
          onChange={(event) => onChange({ opensAt: event.target.value })}
          problem={problems.opensAt}
          hint={twiceHint({ local: draft.opensAt, zone: draft.zone })}
        />
        <Field
          label="Closes"
          type="datetime-local"
          value={draft.closesAt}
          onChange={(event) => onChange({ closesAt: event.target.value })}
          problem={problems.closesAt}
          hint={twiceHint({ local: draft.closesAt, zone: draft.zone })}
        />
      </div>
      <Field
        label="Hold coupons until (optional)"
        type="datetime-local"
        value={draft.heldUntil}
        onChange={(event) => onChange({ heldUntil: event.target.value })}
        problem={problems.heldUntil}
        hint={
          twiceHint({ local: draft.heldUntil, zone: draft.zone }) ??
          'After that you can release what is unused, to standby holders and whoever comes late. Empty: coupons are held to the end.'
        }
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
          hint="The most coupons that can be out at once."
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

function twiceHint(time: { local: string; zone: string }): string | undefined {
  const instant = instantOf(time)
  return instant.ok && instant.isTwice
    ? 'Clocks show this time twice that day; the first is meant.'
    : undefined
}
