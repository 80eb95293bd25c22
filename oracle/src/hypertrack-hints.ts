import { type DeviceCode, outageCode } from '@coupon-secure/protocol/device'
import { z } from 'zod'
import { idSchema, momentOf } from './hypertrack-answers.ts'

const MOST_REMEMBERED = 10_000
// Repeats come three times, twenty seconds apart; a while longer for those that were held up.
const REMEMBERED_MILLISECONDS = 10 * 60_000

const eventSchema = z.object({
  device_id: idSchema,
  type: z.string(),
  recorded_at: z.string(),
  data: z
    .object({ value: z.unknown().optional(), reason: z.string().nullish() })
    .nullish()
    .catch(null),
})

/** The newest that a webhook said of a device: an outage, or nothing against it. */
export type Hint = { code: DeviceCode | undefined; recordedAt: number }

/**
 * What webhooks said. Their signature cannot be checked, so a hint never vouches: it makes the oracle ask again, and it
 * counts against a device only until the API itself says something newer.
 */
export type Hints = {
  /** Takes one delivery; returns the devices that it is about, none where it was delivered before. */
  hear: (delivery: { messageId: string; events: readonly unknown[]; now: number }) => string[]
  of: (device: { deviceId: string; now: number }) => Hint | undefined
}

/** The hints of the last minutes, in memory: another oracle that hears none only asks a little later. */
export function createHints(): Hints {
  const messages = new Map<string, number>()
  const hints = new Map<string, Hint & { until: number }>()

  return {
    hear: ({ messageId, events, now }) => {
      forget({ from: messages, now, until: (until) => until })
      forget({ from: hints, now, until: (hint) => hint.until })
      if (messages.has(messageId)) return []
      messages.set(messageId, now + REMEMBERED_MILLISECONDS)

      const devices = new Set<string>()
      for (const event of events) {
        const heard = hintIn({ event, now })
        if (heard === undefined) continue
        const { deviceId, hint } = heard
        devices.add(deviceId)
        // Deliveries overtake each other: the device's own time says which is newer.
        const known = hints.get(deviceId)
        if (known !== undefined && known.recordedAt > hint.recordedAt) continue
        hints.delete(deviceId)
        hints.set(deviceId, { ...hint, until: now + REMEMBERED_MILLISECONDS })
      }
      return [...devices]
    },

    of: ({ deviceId, now }) => {
      const hint = hints.get(deviceId)
      return hint !== undefined && hint.until > now ? hint : undefined
    },
  }
}

function hintIn({
  event,
  now,
}: {
  event: unknown
  now: number
}): { deviceId: string; hint: Hint } | undefined {
  const { data } = eventSchema.safeParse(event)
  const recorded = momentOf(data?.recorded_at)
  if (data === undefined || recorded === undefined) return undefined
  // A device whose clock runs ahead, or whoever pretends to be one, must not block what comes after.
  const recordedAt = Math.min(recorded, now)
  return { deviceId: data.device_id, hint: { code: codeOf(data), recordedAt } }
}

function codeOf({ type, data }: z.output<typeof eventSchema>): DeviceCode | undefined {
  if (type === 'time_offset_changed') return 'DEVICE_CLOCK_CHANGED'
  if (type !== 'device_status') return undefined
  if (data?.value === 'disconnected') return 'DEVICE_DISCONNECTED'
  return data?.value === 'inactive' ? outageCode(data.reason ?? '') : undefined
}

/** Drops what is over, and the oldest where there is too much. */
function forget<Kept>({
  from,
  now,
  until,
}: {
  from: Map<string, Kept>
  now: number
  until: (kept: Kept) => number
}): void {
  for (const [key, kept] of from) {
    if (until(kept) > now && from.size < MOST_REMEMBERED) break
    from.delete(key)
  }
}
