import fs from 'node:fs'
import { type GeofenceDocument } from '@coupon-secure/protocol/geofence'
import { geofenceFromGeoJson } from '@coupon-secure/protocol/geofence-check'
import { getAddress, isAddress, keccak256, stringToHex, type Address, type Hex } from 'viem'
import { inRoot } from './folders.ts'

/** A file of demo/. */
export function demoFile(name: 'attendees.csv' | 'attendees-messy.csv' | 'venue.geojson'): string {
  return inRoot('demo', name)
}

/** The wallets of demo/attendees.csv; rows without one wait for claim links. */
export function demoHolders(): Address[] {
  const [, ...rows] = fs.readFileSync(demoFile('attendees.csv'), 'utf8').trim().split('\n')
  return rows.flatMap((row) => {
    const wallet = row.split(',')[2] ?? ''
    return isAddress(wallet) ? [getAddress(wallet)] : []
  })
}

/** The key of a sample attendee, 1 to 100: public and worthless by design. */
export function demoKey(attendee: number): Hex {
  return keccak256(
    stringToHex(`coupon-secure sample attendee ${String(attendee).padStart(3, '0')}`),
  )
}

/** The three sites of demo/venue.geojson as the geofence document of one meal. */
export function demoGeofence({
  name,
  readers,
}: {
  name: string
  readers: GeofenceDocument['readers']
}): GeofenceDocument {
  const venue = JSON.parse(fs.readFileSync(demoFile('venue.geojson'), 'utf8')) as {
    features: { properties: { name: string } }[]
  }
  const drawn = geofenceFromGeoJson({
    geoJson: venue,
    // The venue is public, so its salt may be too; and a second start finds the same document.
    salt: keccak256(stringToHex(`coupon-secure demo ${name}`)),
    names: venue.features.map(({ properties }) => properties.name),
    readers,
  })
  if (!drawn.ok) throw new Error(`demo/venue.geojson: ${drawn.problems[0]?.message ?? 'unusable'}`)
  return drawn.document
}
