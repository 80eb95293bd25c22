import { Select } from '../../ui/Field.tsx'
import { type Column, COLUMNS, SEPARATORS } from './columns.ts'
import { ENCODINGS } from './decode.ts'
import styles from './issue.module.css'
import type { HowToRead } from './list-reading.ts'
import type { ReadList } from './read-list.ts'

/** What a list's columns are called in front of people. */
export const COLUMN_WORDS: Record<Column, string> = {
  name: 'Name',
  email: 'E-mail',
  address: 'Wallet address',
}

/** How a list was read: its sheet, encoding, separator and columns, each to be chosen anew. */
export function HowItWasRead({
  list,
  sheets,
  how,
  onReadAgain,
}: {
  list: ReadList
  sheets: { names: readonly string[]; chosen: number }
  how: HowToRead
  onReadAgain: (how: HowToRead) => void
}) {
  const width = Math.max(
    list.header.length,
    ...Object.values(list.places).map((at) => (at ?? 0) + 1),
  )
  const nameOf = (index: number) => list.header[index]?.trim() || `Column ${index + 1}`
  return (
    <details>
      <summary>Not read right? Choose how, and the columns</summary>
      <div className={styles.columns}>
        {sheets.names.length > 1 && (
          <Select
            label="Sheet"
            value={sheets.chosen}
            onChange={(event) => onReadAgain({ sheet: Number(event.target.value) })}
          >
            {sheets.names.map((name, index) => (
              <option key={index} value={index}>
                {name}
              </option>
            ))}
          </Select>
        )}
        {list.text !== undefined && (
          <>
            <Select
              label="Encoding"
              value={list.text.encoding}
              onChange={(event) => onReadAgain({ ...how, encoding: event.target.value })}
            >
              {Object.entries(ENCODINGS).map(([encoding, words]) => (
                <option key={encoding} value={encoding}>
                  {words}
                </option>
              ))}
            </Select>
            <Select
              label="Separator"
              value={list.text.separator}
              onChange={(event) => {
                // Other cells, other columns.
                onReadAgain({ ...how, places: undefined, separator: event.target.value })
              }}
            >
              {Object.entries(SEPARATORS).map(([separator, words]) => (
                <option key={separator} value={separator}>
                  {words}
                </option>
              ))}
            </Select>
          </>
        )}
        {COLUMNS.map((column) => (
          <Select
            key={column}
            label={COLUMN_WORDS[column]}
            value={list.places[column] ?? ''}
            onChange={(event) => {
              const at = event.target.value === '' ? undefined : Number(event.target.value)
              const places = { ...list.places, [column]: at }
              onReadAgain({ ...how, places })
            }}
          >
            <option value="">not in the list</option>
            {Array.from({ length: width }, (_, index) => (
              <option key={index} value={index}>
                {nameOf(index)}
              </option>
            ))}
          </Select>
        ))}
      </div>
    </details>
  )
}
