import type { DeviceCode } from '@coupon-secure/protocol/device'
import { setTimeout as pause } from 'node:timers/promises'
import { type DeviceAnswer, type DeviceFix, readDevice, readLocate } from './hypertrack-answers.ts'
import { createHints } from './hypertrack-hints.ts'
import { createHyperTrackLine, type HyperTrackAccount, type LineWorld } from './hypertrack-line.ts'

/** HyperTrack's API, where no other is configured. */
export const HYPERTRACK_URL = 'https://v3.api.hypertrack.com'

// A browser waits fifteen seconds for us.
const DEADLINE_MILLISECONDS = 10_000
// What polling leaves of that, so that the device can still be read.
const KEPT_FOR_READING_MILLISECONDS = 1_500
const FIRST_POLL_MILLISECONDS = 250
const LONGEST_POLL_MILLISECONDS = 1_500
const KEPT_MILLISECONDS = 5_000
const MOST_KEPT = 10_000

/** Where a worker's device is, or why it is no witness. */
export type DeviceReading =
  { outcome: 'located'; fix: DeviceFix } | { outcome: 'refused'; code: DeviceCode }

/** HyperTrack as a source of positions, read server to server. */
export type HyperTrack = {
  /** Wakes the worker's device and reads it. Throws HyperTrackUnavailableError where HyperTrack itself is away. */
  read: (workerHandle: string) => Promise<DeviceReading>
  /** Takes a webhook's delivery for what it is worth: a reason to ask again. */
  hear: (delivery: { messageId: string; events: readonly unknown[] }) => void
}

/** A source over HyperTrack's v3 API. */
export function createHyperTrack({
  fetch,
  now,
  sleep = pause,
  random,
  ...account
}: LineWorld & HyperTrackAccount): HyperTrack {
  const line = createHyperTrackLine({ fetch, now, sleep, random, ...account })
  const hints = createHints()
  const underWay = new Map<string, Promise<DeviceReading>>()
  const kept = new Map<string, { reading: DeviceReading; deviceId?: string; until: number }>()

  return {
    read: (workerHandle) => {
      const known = kept.get(workerHandle)
      if (known !== undefined && known.until > now()) return Promise.resolve(known.reading)
      const running = underWay.get(workerHandle)
      if (running !== undefined) return running
      const reading = readAnew(workerHandle).finally(() => underWay.delete(workerHandle))
      underWay.set(workerHandle, reading)
      return reading
    },

    hear: (delivery) => {
      const devices = new Set(hints.hear({ ...delivery, now: now() }))
      for (const [worker, { deviceId }] of kept) {
        if (deviceId !== undefined && devices.has(deviceId)) kept.delete(worker)
      }
    },
  }

  async function readAnew(workerHandle: string): Promise<DeviceReading> {
    const deadline = now() + DEADLINE_MILLISECONDS
    const located = await locate({ workerHandle, deadline })
    if ('code' in located) return keep({ workerHandle, reading: refused(located.code) })
    const { deviceId } = located
    const path = `/devices/${encodeURIComponent(deviceId)}`
    const answer = await line.ask({ method: 'GET', path, deadline })
    const device = readDevice({ deviceId, ...answer })
    return keep({ workerHandle, deviceId, reading: weighed(device) })
  }

  async function locate({
    workerHandle,
    deadline,
  }: {
    workerHandle: string
    deadline: number
  }): Promise<{ deviceId: string } | { code: DeviceCode }> {
    const worker = encodeURIComponent(workerHandle)
    let answer = await line.ask({ method: 'POST', path: `/workers/${worker}/locate`, deadline })
    let wait = FIRST_POLL_MILLISECONDS
    for (;;) {
      const located = readLocate(answer)
      if (located.step === 'done') return { deviceId: located.deviceId }
      if (located.step === 'refused') return { code: located.code }
      if (now() + wait > deadline - KEPT_FOR_READING_MILLISECONDS) return { code: 'DEVICE_SILENT' }
      await sleep(wait)
      wait = Math.min(wait * 1.5, LONGEST_POLL_MILLISECONDS)
      const path = `/workers/locate?request_id=${encodeURIComponent(located.requestId)}`
      answer = await line.ask({ method: 'GET', path, deadline })
    }
  }

  /** The device's own words, unless a webhook has said something newer against it. */
  function weighed(device: DeviceAnswer): DeviceReading {
    if (device.outcome === 'refused') return refused(device.code)
    const hint = hints.of({ deviceId: device.deviceId, now: now() })
    if (hint?.code !== undefined && hint.recordedAt > device.heardAt) return refused(hint.code)
    return { outcome: 'located', fix: device.fix }
  }

  function keep({
    workerHandle,
    deviceId,
    reading,
  }: {
    workerHandle: string
    deviceId?: string
    reading: DeviceReading
  }): DeviceReading {
    kept.delete(workerHandle)
    const [oldest] = kept.keys()
    if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest)
    kept.set(workerHandle, { reading, deviceId, until: now() + KEPT_MILLISECONDS })
    return reading
  }
}

function refused(code: DeviceCode): DeviceReading {
  return { outcome: 'refused', code }
}
