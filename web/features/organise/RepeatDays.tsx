'use client'

import { useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { Field, FieldGroup, type FieldProblem } from '../../ui/Field.tsx'
import { dayAfter, dayProblem } from './campaign-days.ts'
import type { CampaignDraft } from './campaign-draft.ts'
import styles from './places/places.module.css'
import { onEnter } from './places/CoordinateField.tsx'
import { dayText } from './zoned-time.ts'

/** Further days with the same times by the clock: one campaign each, all made by one signature. */
export function RepeatDays({
  draft,
  onChange,
}: {
  draft: CampaignDraft
  onChange: (part: Partial<CampaignDraft>) => void
}) {
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState<FieldProblem>()
  const days = [draft.opensAt.slice(0, 10), ...draft.otherDays]
  const add = (day: string) => {
    const wrong = dayProblem({ day, days })
    setProblem(wrong)
    if (wrong) return
    setTyped('')
    onChange({ otherDays: [...draft.otherDays, day].sort() })
  }
  return (
    <FieldGroup
      legend="The same on other days"
      hint="One campaign for each day, at the same times by the clock, all with one signature. When clocks change in between, the clock counts."
    >
      <div className={styles.line}>
        <Field
          label="Another day"
          type="date"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => onEnter(event, () => add(typed))}
          problem={problem}
        />
        <Button onClick={() => add(typed)}>Add this day</Button>
        <Button onClick={() => add(dayAfter(days))}>Add the next day</Button>
      </div>
      {draft.otherDays.length > 0 && (
        <ul className={styles.days} aria-label="Other days">
          {draft.otherDays.map((day) => (
            <li key={day}>
              {dayText(day)}
              <Button
                kind="quiet"
                aria-label={`Remove ${dayText(day)}`}
                onClick={() => {
                  setProblem(undefined)
                  onChange({ otherDays: draft.otherDays.filter((other) => other !== day) })
                }}
              >
                Remove
              </Button>
            </li>
          ))}
        </ul>
      )}
    </FieldGroup>
  )
}
