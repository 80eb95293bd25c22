'use client'

import { Choice, FieldGroup } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { needsCounter, type Vouching, VOUCHING } from './vouching.ts'

const ALL = Object.keys(VOUCHING).filter((name): name is Vouching => name in VOUCHING)

/** Who must vouch that a holder is there, with what that proves and what a thief would need. */
export function WitnessChoice({
  vouching,
  onChange,
}: {
  vouching: Vouching
  onChange: (vouching: Vouching) => void
}) {
  return (
    <FieldGroup
      legend="Who must vouch that the holder is there"
      hint="The contract lets nobody use a coupon before these have signed; whose keys count is listed under “Who vouches”."
    >
      {ALL.map((name) => {
        const { label, proves, thief } = VOUCHING[name]
        return (
          <Choice
            key={name}
            type="radio"
            name="vouching"
            label={label}
            hint={
              <>
                Proves: {proves}
                <br />A thief would need: {thief}
              </>
            }
            checked={vouching === name}
            onChange={() => onChange(name)}
          />
        )
      })}
      {needsCounter(vouching) && (
        <Notice kind="warn" title="The holders’ page cannot finish such a coupon by itself.">
          <p>
            It sends people to the staff, whose registered device signs or sends for them. Choose
            this only where such devices are at hand; the code on the counter’s screen, below, needs
            none.
          </p>
        </Notice>
      )}
    </FieldGroup>
  )
}
