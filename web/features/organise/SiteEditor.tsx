'use client'

import type { GeofenceDocument, Site } from '@coupon-secure/protocol/geofence'
import { type DragEvent, useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { Field, type FieldProblem, Problem, TextArea } from '../../ui/Field.tsx'
import { GeofenceMap } from './GeofenceMap.tsx'
import styles from './organise.module.css'
import { areaText, type Imported, readPlaces } from './site-import.ts'

type Located = FieldProblem & { path: string }

/** Sites: drawn on the map, dropped in or pasted; named; each with what is wrong beside it. */
export function SiteEditor({
  sites,
  problems,
  onSites,
  onDocument,
}: {
  sites: readonly Site[]
  problems: readonly Located[]
  onSites: (sites: readonly Site[]) => void
  onDocument: (document: GeofenceDocument) => void
}) {
  const [importProblems, setImportProblems] = useState<readonly Located[]>([])
  const add = (imported: Imported) => {
    setImportProblems(imported.kind === 'problems' ? imported.problems : [])
    if (imported.kind === 'document') onDocument(imported.document)
    if (imported.kind === 'sites') {
      const named = imported.sites.map((site, index) =>
        /^Site \d+$/.test(site.name) ? { ...site, name: `Site ${sites.length + index + 1}` } : site,
      )
      onSites([...sites, ...named])
    }
  }
  const rename = ({ index, name }: { index: number; name: string }) =>
    onSites(sites.map((site, other) => (other === index ? { ...site, name } : site)))

  return (
    <div className="stack">
      <GeofenceMap sites={sites} onDrawn={(polygon) => add(readPlaces(JSON.stringify(polygon)))} />
      <ul className={styles.sites} aria-label="Sites">
        {sites.map((site, index) => (
          <li key={index} className={styles.site}>
            <span className={styles.number} aria-hidden="true">
              {index + 1}
            </span>
            <Field
              label={`Name of site ${index + 1}`}
              value={site.name}
              onChange={(event) => rename({ index, name: event.target.value })}
              problem={problems.find(({ path }) => path === `sites.${index}.name`)}
              hint={`${areaText(site)}${site.rings.length > 1 ? `, ${site.rings.length - 1} cut out` : ''}`}
            />
            <Button
              kind="quiet"
              aria-label={`Remove site ${index + 1}`}
              onClick={() => onSites(sites.filter((_, other) => other !== index))}
            >
              Remove
            </Button>
            {problems
              .filter(({ path }) => belongsTo({ path, index }))
              .map((problem) => (
                <div key={problem.path + problem.code} className={styles.wide}>
                  <Problem problem={problem} />
                </div>
              ))}
          </li>
        ))}
      </ul>
      <Importer onText={(text) => add(readPlaces(text))} problems={importProblems} />
    </div>
  )
}

function belongsTo({ path, index }: { path: string; index: number }): boolean {
  const prefix = `sites.${index}`
  return (path === prefix || path.startsWith(`${prefix}.`)) && path !== `${prefix}.name`
}

function Importer({
  onText,
  problems,
}: {
  onText: (text: string) => void
  problems: readonly Located[]
}) {
  const [isOver, setIsOver] = useState(false)
  const [pasted, setPasted] = useState('')
  const read = async (file: File | undefined) => {
    if (file) onText(await file.text())
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
        hint="GeoJSON polygons, or a geofence document saved from here. You can also drop the file here."
        type="file"
        accept=".geojson,.json,application/geo+json,application/json"
        onChange={(event) => {
          void read(event.target.files?.[0])
          event.target.value = '' // the same file, mended, may be chosen again
        }}
      />
      <details>
        <summary>Or paste GeoJSON</summary>
        <div className="stack">
          <TextArea
            label="GeoJSON"
            rows={5}
            spellCheck={false}
            value={pasted}
            onChange={(event) => setPasted(event.target.value)}
          />
          <div>
            <Button onClick={() => onText(pasted)}>Add these sites</Button>
          </div>
        </div>
      </details>
      {problems.length > 0 && (
        <div role="alert">
          {problems.map((problem, index) => (
            <Problem key={index} problem={problem} />
          ))}
        </div>
      )}
    </div>
  )
}
