import type { Site, Vertex } from '@coupon-secure/protocol/geofence'
import { isInsideRing } from '@coupon-secure/protocol/ring'

/** All sites of a campaign, in order; a site's number is its place in the list. */
export type Sites = readonly Site[]

/** One ring of one site: 0 is the outer one, the others are cut out. */
export type RingPlace = { site: number; ring: number }

/** The sites with others after them; those that came without a name are called by their number. */
export function withAdded({ sites, added }: { sites: Sites; added: Sites }): Sites {
  return numbered([
    ...sites,
    ...added.map((site, index) =>
      /^Site \d+$/.test(site.name) ? { ...site, name: `Site ${sites.length + index + 1}` } : site,
    ),
  ])
}

/** The sites without one. */
export function withoutSite({ sites, site }: { sites: Sites; site: number }): Sites {
  return numbered(sites.filter((_, index) => index !== site))
}

/** The sites with another name for one. */
export function withName({
  sites,
  site,
  name,
}: {
  sites: Sites
  site: number
  name: string
}): Sites {
  return sites.map((each, index) => (index === site ? { ...each, name } : each))
}

/** The sites with one a step earlier (`by` -1) or later (1); at the end of the list nothing moves. */
export function withMoved({ sites, site, by }: { sites: Sites; site: number; by: -1 | 1 }): Sites {
  const [one, other] = [sites[site], sites[site + by]]
  if (one === undefined || other === undefined) return sites
  return numbered(
    sites.map((each, index) => (index === site ? other : index === site + by ? one : each)),
  )
}

/** The sites with a hole cut into one. */
export function withHole({
  sites,
  site,
  hole,
}: {
  sites: Sites
  site: number
  hole: readonly Vertex[]
}): Sites {
  return withRings({ sites, site, change: (rings) => [...rings, [...hole]] })
}

/** The sites without a hole. */
export function withoutHole({ sites, site, ring }: RingPlace & { sites: Sites }): Sites {
  return withRings({
    sites,
    site,
    change: (rings) => rings.filter((_, index) => index !== ring || index === 0),
  })
}

/** The sites with other corners for one ring. */
export function withRing({
  sites,
  site,
  ring,
  corners,
}: RingPlace & { sites: Sites; corners: readonly Vertex[] }): Sites {
  return withRings({
    sites,
    site,
    change: (rings) => rings.map((each, index) => (index === ring ? [...corners] : each)),
  })
}

/** A ring with one corner elsewhere. */
export function cornerMoved({
  corners,
  corner,
  to,
}: {
  corners: readonly Vertex[]
  corner: number
  to: Vertex
}): Vertex[] {
  return corners.map((each, index) => (index === corner ? to : each))
}

/** A ring with one more corner, halfway between this one and the next. */
export function cornerAdded({
  corners,
  corner,
}: {
  corners: readonly Vertex[]
  corner: number
}): Vertex[] {
  const [here, next] = [corners[corner], corners[(corner + 1) % corners.length]]
  if (here === undefined || next === undefined) return [...corners]
  const between = {
    longitudeE7: Math.round((here.longitudeE7 + next.longitudeE7) / 2),
    latitudeE7: Math.round((here.latitudeE7 + next.latitudeE7) / 2),
  }
  return [...corners.slice(0, corner + 1), between, ...corners.slice(corner + 1)]
}

/** A ring without a corner; three stay. */
export function cornerRemoved({
  corners,
  corner,
}: {
  corners: readonly Vertex[]
  corner: number
}): Vertex[] {
  return corners.length <= 3 ? [...corners] : corners.filter((_, index) => index !== corner)
}

/** The site into which a hole was drawn: the one around most of its corners; undefined where it lies beside them all. */
export function siteAround({
  sites,
  hole,
}: {
  sites: Sites
  hole: readonly Vertex[]
}): number | undefined {
  const counts = sites.map(
    ({ rings: [shell = []] }) => hole.filter((corner) => isInsideRing(corner, shell)).length,
  )
  const most = Math.max(0, ...counts)
  return most === 0 ? undefined : counts.indexOf(most)
}

function withRings({
  sites,
  site,
  change,
}: {
  sites: Sites
  site: number
  change: (rings: Site['rings']) => Site['rings']
}): Sites {
  return sites.map((each, index) =>
    index === site ? { ...each, rings: change(each.rings) } : each,
  )
}

function numbered(sites: Sites): Sites {
  return sites.map((site, index) => ({ ...site, number: index + 1 }))
}
