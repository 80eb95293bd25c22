'use client'

import { Button } from '../../ui/Button.tsx'
import { Field, type FieldProblem, Select } from '../../ui/Field.tsx'
import styles from './audit.module.css'
import type { FilterText } from './filter.ts'
import { KINDS } from './history.ts'

/** What to look for in the events. */
export function FilterBar({
  texts,
  problems,
  names,
  onChange,
}: {
  texts: FilterText
  problems: { holder?: FieldProblem; serial?: FieldProblem }
  names: ReadonlyMap<bigint, string>
  onChange: (texts: FilterText) => void
}) {
  const { source, ...filters } = texts
  const isSet = Object.values(filters).some((text) => text !== '')
  return (
    <form
      className={styles.filter}
      role="search"
      aria-label="Filter events"
      onSubmit={(event) => event.preventDefault()}
    >
      <Select
        label="Kind"
        value={texts.kind}
        onChange={(event) => onChange({ ...texts, kind: event.target.value })}
      >
        <option value="">All</option>
        {Object.entries(KINDS).map(([kind, words]) => (
          <option key={kind} value={kind}>
            {words}
          </option>
        ))}
      </Select>
      <Select
        label="Campaign"
        value={texts.campaign}
        onChange={(event) => onChange({ ...texts, campaign: event.target.value })}
      >
        <option value="">All</option>
        {[...names].map(([id, name]) => (
          <option key={String(id)} value={String(id)}>
            {String(id)} · {name}
          </option>
        ))}
      </Select>
      <Field
        label="Holder’s address"
        placeholder="0x…"
        value={texts.holder}
        problem={problems.holder}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange({ ...texts, holder: event.target.value })}
      />
      <Field
        label="Coupon number"
        placeholder="256"
        inputMode="numeric"
        value={texts.serial}
        problem={problems.serial}
        autoComplete="off"
        onChange={(event) => onChange({ ...texts, serial: event.target.value })}
      />
      {isSet && (
        <Button
          kind="quiet"
          onClick={() => onChange({ kind: '', campaign: '', holder: '', serial: '', source })}
        >
          Clear filters
        </Button>
      )}
    </form>
  )
}
