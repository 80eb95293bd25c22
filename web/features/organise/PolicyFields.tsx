'use client'

import type { Policy } from '@coupon-secure/protocol/geofence'
import { Choice, FieldGroup } from '../../ui/Field.tsx'
import { withSource } from './campaign-draft.ts'

/** How holders may show that they are at the place: by which positions, and whether by the counter's code besides. */
export function PolicyFields({
  policy,
  onChange,
}: {
  policy: Policy
  onChange: (policy: Policy) => void
}) {
  return (
    <FieldGroup
      legend="How holders show that they are there"
      hint="A browser cannot prove where it is. The counter’s code, or a managed device, makes a false position hard."
    >
      <Choice
        label="The position of their phone’s browser"
        checked={policy.sources.includes('browser')}
        onChange={({ target }) =>
          onChange(withSource({ policy, source: 'browser', isWanted: target.checked }))
        }
      />
      <Choice
        label="A managed device with HyperTrack’s app"
        hint="The oracle reads it from HyperTrack itself. Needs an oracle with an account there."
        checked={policy.sources.includes('hypertrack')}
        onChange={({ target }) =>
          onChange(withSource({ policy, source: 'hypertrack', isWanted: target.checked }))
        }
      />
      <Choice
        label="The code on the counter’s screen must be scanned too"
        hint="It changes every fifteen seconds. Open the counter’s page on a device at each site."
        checked={policy.isBeaconRequired}
        onChange={({ target }) => onChange({ ...policy, isBeaconRequired: target.checked })}
      />
    </FieldGroup>
  )
}
