import { defaultPolicy } from '@coupon-secure/protocol/geofence'
import { checkGeofence } from '@coupon-secure/protocol/geofence-check'
import { toHex } from 'viem'
import type { Finding } from './places-file.ts'
import type { Sites } from './site-edits.ts'

// Only the sites are asked about: everything else of the document is sound.
const ANY_SALT = toHex(1, { size: 32 })

/** What is wrong with the sites as they stand, by path ("sites.0.rings.1"): while they are drawn, before anything is sent. */
export function siteProblems(sites: Sites): readonly Finding[] {
  if (sites.length === 0) return []
  const asked = (each: Sites) =>
    checkGeofence({
      version: 1,
      readers: 'holders',
      salt: ANY_SALT,
      policy: defaultPolicy,
      sites: each.map((site, index) => ({
        ...site,
        name: site.name.trim(),
        number: index + 1,
      })),
    })
  const checked = asked(sites)
  if (checked.ok) return []
  const names = checked.problems.filter(({ code }) => code === 'NAME_INVALID')
  if (names.length === 0) return checked.problems
  // A wrong name must not hide a wrong fence.
  const named = asked(sites.map((site, index) => ({ ...site, name: `Site ${index + 1}` })))
  return named.ok ? names : [...names, ...named.problems]
}

/** The problems of one site, or of its ring or name. */
export function problemsAt({
  problems,
  path,
}: {
  problems: readonly Finding[]
  path: string
}): readonly Finding[] {
  return problems.filter((problem) => problem.path === path || problem.path.startsWith(`${path}.`))
}
