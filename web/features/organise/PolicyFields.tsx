'use client'

import type { Policy } from '@coupon-secure/protocol/geofence'
import type { OracleAnswer } from '@coupon-secure/protocol/wire'
import { Choice, FieldGroup, Select } from '../../ui/Field.tsx'
import { withSource } from './campaign-draft.ts'
import styles from './organise.module.css'

const ACCURACIES = [20, 50, 100, 200, 500]
const AGES = [30, 60, 120, 300]
const CONFIDENCES = [600, 800, 900, 950]

/** How holders show that they are at the place, and how sure the oracle must be. What is chosen is in the document that the campaign promises. */
export function PolicyFields({
  policy,
  offered,
  onChange,
}: {
  policy: Policy
  /** What the oracle takes; undefined while it has not said. */
  offered: OracleAnswer['sources'] | undefined
  onChange: (policy: Policy) => void
}) {
  const hasDevices = policy.sources.includes('hypertrack')
  const offersDevices = offered?.includes('hypertrack') ?? true
  return (
    <>
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
          hint={
            offersDevices
              ? 'The oracle reads it from HyperTrack itself. Needs an oracle with an account there.'
              : 'This app’s oracle has no account there: nobody’s device would be taken.'
          }
          checked={hasDevices}
          disabled={!offersDevices && !hasDevices}
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
      <FieldGroup
        legend="How sure the oracle must be"
        hint="The usual values suit halls and yards. Stricter ones turn honest people away under roofs; “Test a point” shows it."
      >
        <div className={styles.three}>
          <Select
            label="Exact to"
            value={policy.maxAccuracyMetres}
            onChange={({ target }) =>
              onChange({ ...policy, maxAccuracyMetres: Number(target.value) })
            }
            hint="A phone that knows its position less well is asked to try again, outdoors."
          >
            {optionsOf({ usual: ACCURACIES, value: policy.maxAccuracyMetres }).map((metres) => (
              <option key={metres} value={metres}>
                {metres} m or better
              </option>
            ))}
          </Select>
          <Select
            label="Certainty inside"
            value={policy.minConfidencePermille}
            onChange={({ target }) =>
              onChange({ ...policy, minConfidencePermille: Number(target.value) })
            }
            hint="How probable it must be that the true position is inside. Less is “not sure”, never a yes."
          >
            {optionsOf({ usual: CONFIDENCES, value: policy.minConfidencePermille }).map(
              (permille) => (
                <option key={permille} value={permille}>
                  {permille / 10} %
                </option>
              ),
            )}
          </Select>
          <Select
            label="Not older than"
            value={policy.maxFixAgeSeconds}
            onChange={({ target }) =>
              onChange({ ...policy, maxFixAgeSeconds: Number(target.value) })
            }
            hint="An old position may be from before the person went away."
          >
            {optionsOf({ usual: AGES, value: policy.maxFixAgeSeconds }).map((seconds) => (
              <option key={seconds} value={seconds}>
                {seconds} seconds
              </option>
            ))}
          </Select>
        </div>
      </FieldGroup>
    </>
  )
}

/** The usual values, and that of a loaded document where it is another. */
function optionsOf({ usual, value }: { usual: readonly number[]; value: number }): number[] {
  return [...new Set([...usual, value])].sort((a, b) => a - b)
}
