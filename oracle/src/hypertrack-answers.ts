import { type DeviceCode, outageCode } from '@coupon-secure/protocol/device'
import { toE7 } from '@coupon-secure/protocol/geofence'
import { z } from 'zod'

const LARGEST_UINT32 = 2 ** 32 - 1

/** A position in the integers that are decided about; `takenAt` in unix milliseconds, by the device's clock. */
export type DeviceFix = {
  longitudeE7: number
  latitudeE7: number
  accuracyMillimetres: number
  takenAt: number
}

/** A locate request: under way, or what came of it. */
export type Located =
  | { step: 'waiting'; requestId: string }
  | { step: 'done'; deviceId: string }
  | { step: 'refused'; code: DeviceCode }

/** What a device says of itself. `heardAt`: when it last said so, by its clock; undefined where it did not say. */
export type DeviceAnswer = { deviceId: string } & (
  | { outcome: 'located'; fix: DeviceFix; heardAt: number }
  | { outcome: 'refused'; code: DeviceCode; heardAt: number | undefined }
)

/** An id of HyperTrack's, as it goes into an address. */
export const idSchema = z.string().regex(/^[A-Za-z0-9-]{1,64}$/)

// Their examples write both "2019-07-18T18:01:59.064000Z" and "2023-10-24 16:27:52.768000+00:00". Without a zone it is no time.
const momentSchema = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/)
  .transform((text, context) => {
    const moment = Date.parse(text.replace(' ', 'T'))
    if (Number.isFinite(moment) && moment > 0) return moment
    context.addIssue({ code: 'custom', message: 'must be a moment' })
    return z.NEVER
  })

// Longitude first, as in GeoJSON; what follows the two is of no use here.
const coordinatesSchema = z.tuple(
  [z.number().min(-180).max(180), z.number().min(-90).max(90)],
  z.unknown(),
)

const locationSchema = z.object({
  geometry: z.object({ coordinates: coordinatesSchema }),
  accuracy: z.number().positive(),
  recorded_at: momentSchema,
})

const statusSchema = z.object({
  value: z.string(),
  data: z.object({ recorded_at: momentSchema.optional(), reason: z.string().nullish() }).nullish(),
})

const deviceSchema = z.object({
  device_id: idSchema,
  device_status: statusSchema,
  location: z.unknown().optional(),
})

const locateSchema = z.object({
  request_id: idSchema,
  status: z.string(),
  devices: z
    .array(
      z.object({
        device_id: idSchema,
        outage_reasons: z.array(z.string()).nullish(),
        device_status: z.union([z.string(), statusSchema]).nullish(),
        location: z.unknown().optional(),
      }),
    )
    .nullish(),
})

/** The moment that a text of HyperTrack's names, in unix milliseconds. */
export function momentOf(text: unknown): number | undefined {
  return momentSchema.safeParse(text).data
}

/** Reads the answer of POST /workers/{worker_handle}/locate, or of the poll after it. */
export function readLocate({ status, json }: { status: number; json: unknown }): Located {
  if (status !== 200 && status !== 201 && status !== 202) return refusedBy(json)
  const { success, data } = locateSchema.safeParse(json)
  if (!success) return { step: 'refused', code: 'DEVICE_INCOMPLETE' }
  if (data.status !== 'completed') return { step: 'waiting', requestId: data.request_id }

  const [device, ...others] = data.devices ?? []
  if (device === undefined) return { step: 'refused', code: 'DEVICE_NOT_LINKED' }
  // Whichever of several is at the place, it need not be the one in the holder's hand.
  if (others.length > 0) return { step: 'refused', code: 'DEVICE_NOT_ONE' }
  const [outage] = device.outage_reasons ?? []
  if (outage !== undefined) return { step: 'refused', code: outageCode(outage) }
  const standing = device.device_status
  if ((typeof standing === 'object' ? standing?.value : standing) === 'disconnected') {
    return { step: 'refused', code: 'DEVICE_DISCONNECTED' }
  }
  if (device.location === undefined || device.location === null) {
    return { step: 'refused', code: 'DEVICE_NO_POSITION' }
  }
  return { step: 'done', deviceId: device.device_id }
}

/** Reads the answer of GET /devices/{device_id}. Whatever is missing is a refusal. */
export function readDevice({
  deviceId,
  status,
  json,
}: {
  deviceId: string
  status: number
  json: unknown
}): DeviceAnswer {
  const refused = (code: DeviceCode, heardAt?: number): DeviceAnswer => ({
    outcome: 'refused',
    deviceId,
    code,
    heardAt,
  })
  if (status === 404) return refused('DEVICE_NOT_LINKED')
  const read = deviceSchema.safeParse(json)
  if (status !== 200 || !read.success || read.data.device_id !== deviceId) {
    return refused('DEVICE_INCOMPLETE')
  }
  const { device_status: standing, location } = read.data
  const saidAt = standing.data?.recorded_at
  if (standing.value === 'disconnected') return refused('DEVICE_DISCONNECTED', saidAt)
  if (standing.value !== 'active') return refused(outageCode(standing.data?.reason ?? ''), saidAt)
  if (location === undefined || location === null) return refused('DEVICE_NO_POSITION', saidAt)

  const found = locationSchema.safeParse(location)
  if (!found.success) return refused('DEVICE_INCOMPLETE', saidAt)
  const { geometry, accuracy, recorded_at: takenAt } = found.data
  const [longitude, latitude] = geometry.coordinates
  return {
    outcome: 'located',
    deviceId,
    fix: {
      longitudeE7: toE7(longitude),
      latitudeE7: toE7(latitude),
      accuracyMillimetres: Math.min(Math.max(Math.round(accuracy * 1000), 1), LARGEST_UINT32),
      takenAt,
    },
    heardAt: Math.max(takenAt, saidAt ?? 0),
  }
}

function refusedBy(json: unknown): Located {
  const { data } = z.object({ code: z.string() }).safeParse(json)
  switch (data?.code) {
    case 'driver_not_linked_to_device':
      return { step: 'refused', code: 'DEVICE_NOT_LINKED' }
    case 'driver_not_found':
    case 'driver_deleted':
      return { step: 'refused', code: 'WORKER_UNKNOWN' }
    default:
      return { step: 'refused', code: 'DEVICE_INCOMPLETE' }
  }
}
