'use client'

import type { GeofenceDocument, Vertex } from '@coupon-secure/protocol/geofence'
import { useState } from 'react'
import type { Address } from 'viem'
import { Button } from '../../../ui/Button.tsx'
import { Problem } from '../../../ui/Field.tsx'
import { circleAround } from './circle.ts'
import { CircleForm } from './CircleForm.tsx'
import { CoordinateField } from './CoordinateField.tsx'
import { GeofenceMap } from './GeofenceMap.tsx'
import type { Drawn } from './map-drawing.ts'
import styles from './places.module.css'
import type { Finding, Imported } from './places-file.ts'
import { PlacesImport } from './PlacesImport.tsx'
import { testPoint } from './point-test.ts'
import { PointVerdicts } from './PointVerdicts.tsx'
import { siteAround, withAdded, withHole, withRing } from './site-edits.ts'
import { SiteList } from './SiteList.tsx'
import type { DraftSites } from './use-sites.ts'

/** Sites: drawn on the map, loaded, or copied; named, ordered, cut, tried; each with what is wrong beside it. */
export function SiteEditor({
  book,
  draftSites,
  problems,
  document,
  onDocument,
}: {
  book: Address
  draftSites: DraftSites
  problems: readonly Finding[]
  /** What the sites and the policy come to, where nothing is wrong with them. */
  document: GeofenceDocument | undefined
  onDocument: (document: GeofenceDocument) => void
}) {
  const { sites, change, undo, redo, undoes, redoes, said } = draftSites
  const [findings, setFindings] = useState<readonly Finding[]>([])
  const [goal, setGoal] = useState<{ place: Vertex }>()
  const [tried, setTried] = useState<{ point: Vertex; now: number }>()
  const tested = tried && document && { ...tried, verdicts: testPoint({ document, ...tried }) }

  const cut = (hole: readonly Vertex[]) => {
    const site = siteAround({ sites, hole })
    if (site === undefined) return setFindings([HOLE_BESIDE])
    setFindings([])
    const words = `cut a hole in ${sites[site]?.name ?? ''}`
    change({ sites: withHole({ sites, site, hole }), words })
  }
  const add = (corners: Vertex[], words: string) => {
    setFindings([])
    const site = { number: 1, name: 'Site 1', rings: [corners] }
    change({ sites: withAdded({ sites, added: [site] }), words })
  }
  const take = (drawn: Drawn) => {
    switch (drawn.kind) {
      case 'site':
        return add(drawn.corners, 'draw a site')
      case 'circle':
        return add(circleAround(drawn), 'draw a circle')
      case 'hole':
        return cut(drawn.corners)
      case 'ring':
        return change({
          sites: withRing({ sites, ...drawn }),
          words: `move the corners of ${sites[drawn.site]?.name ?? ''}`,
        })
    }
  }
  const bring = (imported: Imported, words: string) => {
    setFindings(imported.findings)
    if (imported.document) {
      change({ sites: imported.document.sites, words: 'load a saved place' })
      onDocument(imported.document)
    } else if (imported.sites.length > 0) {
      change({ sites: withAdded({ sites, added: imported.sites }), words })
    }
  }
  const tryPoint = (point: Vertex) => setTried({ point, now: Date.now() })

  return (
    <div className="stack">
      <div className={styles.tools}>
        <Button disabled={undoes === undefined} onClick={undo} title="Ctrl+Z">
          Undo{undoes !== undefined && `: ${undoes}`}
        </Button>
        <Button disabled={redoes === undefined} onClick={redo} title="Ctrl+Shift+Z">
          Redo{redoes !== undefined && `: ${redoes}`}
        </Button>
      </div>
      <p className="unseen" role="status">
        {said}
      </p>
      <GeofenceMap
        sites={sites}
        tested={tested}
        goal={goal}
        onDrawn={take}
        onPoint={(point) => {
          tryPoint(point)
        }}
      />
      {findings.length > 0 && (
        <div role="alert" aria-label="What did not come over">
          {findings.map((finding, index) => (
            <Problem key={index} problem={finding} />
          ))}
        </div>
      )}
      <CoordinateField
        label="Find a position on the map"
        button="Go there"
        onPosition={(place) => setGoal({ place })}
      />
      <SiteList sites={sites} problems={problems} onChange={change} />
      {sites.length > 0 && (
        <PointVerdicts
          document={document}
          tested={tested}
          onPoint={(point) => {
            tryPoint(point)
            setGoal({ place: point })
          }}
        />
      )}
      <CircleForm sites={sites} onSite={(corners) => add(corners, 'add a circle')} onHole={cut} />
      <PlacesImport book={book} onImported={bring} />
    </div>
  )
}

const HOLE_BESIDE: Finding = {
  code: 'HOLE_OUTSIDE',
  message: 'A hole is cut out of a site: draw it inside one. Nothing was cut.',
  path: '',
}
