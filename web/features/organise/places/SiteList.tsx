'use client'

import { useState } from 'react'
import { Button } from '../../../ui/Button.tsx'
import { Field, Problem } from '../../../ui/Field.tsx'
import { CornerTable } from './CornerTable.tsx'
import styles from './places.module.css'
import type { Finding } from './places-file.ts'
import {
  type Sites,
  withMoved,
  withName,
  withoutHole,
  withoutSite,
  withRing,
} from './site-edits.ts'
import { sizeText } from './site-measure.ts'
import { problemsAt } from './site-problems.ts'
import type { DraftSites } from './use-sites.ts'

type Change = { sites: Sites; problems: readonly Finding[]; onChange: DraftSites['change'] }

/** The sites one below the other: named, ordered, removed, and changed corner by corner. */
export function SiteList(shown: Change) {
  const ofAll = shown.problems.filter(({ path }) => path === 'sites')
  return (
    <>
      <ul className={styles.sites} aria-label="Sites">
        {shown.sites.map((_, index) => (
          <SiteItem key={index} {...shown} index={index} />
        ))}
      </ul>
      {ofAll.length > 0 && (
        <div role="alert">
          {ofAll.map((problem) => (
            <Problem key={problem.code} problem={problem} />
          ))}
        </div>
      )}
    </>
  )
}

function SiteItem({ sites, problems, onChange, index }: Change & { index: number }) {
  const site = sites[index]
  if (site === undefined) return null
  const { name, rings } = site
  const number = index + 1
  const ofName = problemsAt({ problems, path: `sites.${index}.name` })
  const ofFence = problemsAt({ problems, path: `sites.${index}` }).filter(
    (problem) => !ofName.includes(problem),
  )
  return (
    <li className={`${styles.site} ${ofFence.length > 0 ? styles.broken : ''}`}>
      <span className={styles.number} aria-hidden="true">
        {number}
      </span>
      <Field
        label={`Name of site ${number}`}
        value={name}
        onChange={(event) =>
          onChange({
            sites: withName({ sites, site: index, name: event.target.value }),
            words: `rename site ${number}`,
            run: `name ${number}`,
          })
        }
        problem={ofName[0]}
        hint={`${sizeText(site)}${rings.length > 1 ? `, ${rings.length - 1} cut out` : ''}`}
      />
      <div className={styles.steps}>
        {([-1, 1] as const).map((by) => (
          <Button
            key={by}
            kind="quiet"
            disabled={sites[index + by] === undefined}
            aria-label={`Move site ${number} ${by < 0 ? 'up' : 'down'}`}
            onClick={() =>
              onChange({ sites: withMoved({ sites, site: index, by }), words: `move ${name}` })
            }
          >
            {by < 0 ? '↑' : '↓'}
          </Button>
        ))}
        <Button
          kind="quiet"
          aria-label={`Remove site ${number}`}
          onClick={() =>
            onChange({ sites: withoutSite({ sites, site: index }), words: `remove ${name}` })
          }
        >
          Remove
        </Button>
      </div>
      {ofFence.length > 0 && (
        <div className={styles.wide} role="alert">
          {ofFence.map((problem) => (
            <Problem key={problem.path + problem.code} problem={problem} />
          ))}
        </div>
      )}
      <SiteRings {...{ sites, index, onChange }} />
    </li>
  )
}

function SiteRings({ sites, index, onChange }: Omit<Change, 'problems'> & { index: number }) {
  const [isOpen, setIsOpen] = useState(false)
  const { name, rings } = sites[index] ?? { name: '', rings: [] }
  const count = rings.flat().length
  return (
    <details className={styles.wide} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        {count} corners of {name}
      </summary>
      {isOpen && (
        <div className={styles.rings}>
          {rings.map((corners, ring) => (
            <div key={ring} className="stack">
              <CornerTable
                title={ring === 0 ? `Outer edge of ${name}` : `Hole ${ring} of ${name}`}
                corners={corners}
                onCorners={(next) =>
                  onChange({
                    sites: withRing({ sites, site: index, ring, corners: next }),
                    words: `change a corner of ${name}`,
                  })
                }
              />
              {ring > 0 && (
                <div>
                  <Button
                    kind="quiet"
                    onClick={() =>
                      onChange({
                        sites: withoutHole({ sites, site: index, ring }),
                        words: `fill a hole of ${name}`,
                      })
                    }
                  >
                    Fill hole {ring} of {name}
                  </Button>
                </div>
              )}
            </div>
          ))}
        </div>
      )}
    </details>
  )
}
