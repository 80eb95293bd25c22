'use client'

import type { ReactNode } from 'react'
import { Choice, Field, FieldGroup, type FieldProblem } from '../../ui/Field.tsx'
import type { Picks } from './campaign-window.ts'
import { dayText, instantOf, offsetText } from './zoned-time.ts'

/** A wall-clock time; where clocks show it twice, it asks which is meant. */
export function ZonedField({
  label,
  value,
  zone,
  picks,
  problem,
  hint,
  onChange,
  onPicks,
}: {
  label: string
  value: string
  zone: string
  picks: Picks
  problem: FieldProblem | undefined
  hint?: ReactNode
  onChange: (local: string) => void
  onPicks: (picks: Picks) => void
}) {
  return (
    <div className="stack">
      <Field
        label={label}
        type="datetime-local"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        problem={problem}
        hint={hint}
      />
      <WhichOfTwo local={value} zone={zone} picks={picks} onPicks={onPicks} />
    </div>
  )
}

/** The question which of two moments a time means; nothing where there is only one. */
export function WhichOfTwo({
  local,
  zone,
  picks,
  onPicks,
}: {
  local: string
  zone: string
  picks: Picks
  onPicks: (picks: Picks) => void
}) {
  const first = instantOf({ local, zone, pick: 'first' })
  const second = instantOf({ local, zone, pick: 'second' })
  if (!first.ok || !second.ok || !first.isTwice) return null
  const options = [
    { pick: 'first' as const, seconds: first.seconds },
    { pick: 'second' as const, seconds: second.seconds },
  ]
  return (
    <FieldGroup legend={`Which ${local.slice(11)} on ${dayText(local)}?`}>
      {options.map(({ pick, seconds }) => (
        <Choice
          key={pick}
          type="radio"
          name={`which-${local}`}
          label={`The ${pick}, ${offsetText({ seconds, zone })}`}
          checked={picks[local] === pick}
          onChange={() => onPicks({ ...picks, [local]: pick })}
        />
      ))}
    </FieldGroup>
  )
}
