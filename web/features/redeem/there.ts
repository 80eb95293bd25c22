import { freshnessOf, readBeacon, TURN_SECONDS } from '@coupon-secure/protocol/beacon'
import type { ScannedBeacon, Source } from '@coupon-secure/protocol/evidence'
import type { Policy } from '@coupon-secure/protocol/geofence'
import type { Failure } from '../../chain/explain-revert.ts'

/** What a holder must show at a place: whence the position, whether a code, whether a device must be bound first. */
export type Needs = { source: Source; canChoose: boolean; beacon: boolean; binding: boolean }

const UNBOUND_CODES = new Set(['WORKER_NOT_BOUND', 'WORKER_UNKNOWN'])

/**
 * What must be shown, by the place's policy where it is known, and by what the oracle refused just now where not: it may tell
 * its readers' secrets to holders only once they have signed in.
 */
export function needsOf({
  policy,
  refusal,
  chosen,
  isBound,
}: {
  policy: Pick<Policy, 'sources' | 'isBeaconRequired'> | undefined
  /** The code of the last refusal. */
  refusal: string | undefined
  chosen: Source | undefined
  isBound: boolean
}): Needs {
  const takesPhones = policy
    ? policy.sources.includes('browser')
    : refusal !== 'SOURCE_NOT_ACCEPTED'
  const takesDevices = policy
    ? policy.sources.includes('hypertrack')
    : !takesPhones || chosen === 'hypertrack'
  const preferred = takesPhones ? 'browser' : 'hypertrack'
  const source = chosen === 'hypertrack' && takesDevices ? chosen : preferred
  return {
    source,
    canChoose: takesPhones && takesDevices && policy !== undefined,
    beacon: policy?.isBeaconRequired === true || refusal?.startsWith('BEACON_') === true,
    binding: source === 'hypertrack' && (!isBound || UNBOUND_CODES.has(refusal ?? '')),
  }
}

/** The counter's code in what was scanned or pasted, if it is good for this campaign now; `now` in unix milliseconds. */
export function beaconIn({
  text,
  campaignId,
  now,
}: {
  text: string
  campaignId: bigint
  now: number
}): { ok: true; beacon: ScannedBeacon } | { ok: false; failure: Failure } {
  const read = readBeacon(text)
  if (read === undefined) return no('BEACON_UNREADABLE')
  if (read.campaignId !== campaignId) return no('BEACON_FOR_ANOTHER')
  switch (freshnessOf({ shownAt: read.shownAt, now })) {
    case 'stale':
      return no('BEACON_STALE')
    case 'ahead':
      return no('BEACON_FROM_FUTURE')
    case 'fresh': {
      const { site, shownAt, signature } = read
      return { ok: true, beacon: { site, shownAt: Number(shownAt), signature } }
    }
  }
}

/** How many seconds a scanned code is still good for: its turn and the next; 0 where it is over. */
export function beaconSecondsLeft({ shownAt }: ScannedBeacon, now: number): number {
  return Math.max(Math.floor(shownAt + 2 * TURN_SECONDS - now / 1000), 0)
}

const SENTENCES = {
  BEACON_UNREADABLE: 'That is not the code of a counter. Scan the one on the counter’s screen.',
  BEACON_FOR_ANOTHER: 'That code is for another campaign. Ask the staff to choose this one.',
  BEACON_STALE:
    'That code is over: it changes every fifteen seconds. Scan the one that is there now.',
  BEACON_FROM_FUTURE:
    'That code is from a clock that is ahead of yours. Wait a moment and scan again.',
} as const

function no(code: keyof typeof SENTENCES): { ok: false; failure: Failure } {
  return { ok: false, failure: { code, sentence: SENTENCES[code] } }
}
