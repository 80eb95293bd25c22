import type { GeofenceDocument } from '@coupon-secure/protocol/geofence'
import { checkGeofence } from '@coupon-secure/protocol/geofence-check'
import type { Hex } from 'viem'
import { saveJson } from '../ui/save-file.ts'

const PREFIX = 'coupon-secure.geofence.'

/** Keeps a geofence document in this browser under its hash, so that its organiser can save it again. */
export function keepGeofence({ hash, document }: { hash: Hex; document: GeofenceDocument }): void {
  localStorage.setItem(PREFIX + hash, JSON.stringify(document))
}

/** The document of this hash, where this browser made it. */
export function keptGeofence(hash: Hex): GeofenceDocument | undefined {
  const text = localStorage.getItem(PREFIX + hash)
  if (text === null) return undefined
  try {
    const checked = checkGeofence(JSON.parse(text))
    return checked.ok ? checked.document : undefined
  } catch {
    return undefined
  }
}

/** Gives a geofence document to the person as a file. */
export function downloadGeofence({
  name,
  document: geofence,
}: {
  name: string
  document: GeofenceDocument
}): void {
  saveJson({ name, kind: 'geofence', value: geofence })
}
