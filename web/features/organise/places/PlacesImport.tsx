'use client'

import { type DragEvent, useState } from 'react'
import type { Address } from 'viem'
import { Button } from '../../../ui/Button.tsx'
import { Field, TextArea } from '../../../ui/Field.tsx'
import { CopyPlaces } from './CopyPlaces.tsx'
import styles from './places.module.css'
import { type Imported, readPlaces, readPlacesFile } from './places-file.ts'

/** Sites from elsewhere: a file, a pasted text, or another campaign of the book. */
export function PlacesImport({
  book,
  onImported,
}: {
  book: Address
  onImported: (imported: Imported, words: string) => void
}) {
  const [isOver, setIsOver] = useState(false)
  const [pasted, setPasted] = useState('')
  const read = async (file: File | undefined) => {
    if (file) onImported(await readPlacesFile(file), `load ${file.name}`)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    void read(event.dataTransfer.files[0])
  }
  return (
    <div
      className={`${styles.drop} ${isOver ? styles.over : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <Field
        label="Load sites from a file"
        hint="GeoJSON or KML with polygons, or a geofence document saved from here. You can also drop the file here. It stays in this browser."
        type="file"
        accept=".geojson,.json,.kml,application/geo+json,application/json,application/vnd.google-earth.kml+xml"
        onChange={(event) => {
          void read(event.target.files?.[0])
          event.target.value = '' // the same file, mended, may be chosen again
        }}
      />
      <details>
        <summary>Or paste GeoJSON or KML</summary>
        <div className="stack">
          <TextArea
            label="GeoJSON or KML"
            rows={5}
            spellCheck={false}
            value={pasted}
            onChange={(event) => setPasted(event.target.value)}
          />
          <div>
            <Button onClick={() => onImported(readPlaces(pasted), 'add what was pasted')}>
              Add these sites
            </Button>
          </div>
        </div>
      </details>
      <CopyPlaces book={book} onImported={onImported} />
    </div>
  )
}
