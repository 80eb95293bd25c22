import { expect } from 'chai'
import { type Locator, positionOf, takePosition } from './position.ts'

type Fix = { accuracy: number; after: number }

/** A phone that reports these fixes, or an error, in time. */
function phone({ fixes = [], error }: { fixes?: Fix[]; error?: { code: number; after: number } }) {
  const seen = { options: undefined as PositionOptions | undefined, cleared: 0 }
  const locator = {
    watchPosition: (onFix, onError, options) => {
      seen.options = options
      for (const { accuracy, after } of fixes) {
        setTimeout(
          () =>
            onFix({ coords: { longitude: 75, latitude: 26, accuracy }, timestamp: 1e12 } as never),
          after,
        )
      }
      if (error) setTimeout(() => onError?.({ code: error.code } as never), error.after)
      return 7
    },
    clearWatch: () => {
      seen.cleared++
    },
  } satisfies Locator
  return { locator, seen }
}

function take(
  given: Parameters<typeof phone>[0],
  times: { timeout?: number; patience?: number } = {},
) {
  const { locator, seen } = phone(given)
  const heard: number[] = []
  const located = takePosition({
    locator,
    onFix: ({ accuracyMetres }) => heard.push(accuracyMetres),
    signal: new AbortController().signal,
    timeout: 60,
    patience: 30,
    ...times,
  })
  return { located, heard, seen }
}

describe('takePosition', () => {
  it('asks for a fresh position of high accuracy', async () => {
    const { located, seen } = take({ fixes: [{ accuracy: 5, after: 0 }] })
    await located
    expect(seen.options).to.include({ enableHighAccuracy: true, maximumAge: 0 })
    expect(seen.cleared).to.equal(1)
  })

  it('takes a good fix at once', async () => {
    const { located } = take({ fixes: [{ accuracy: 12, after: 1 }] })
    expect(await located).to.deep.include({ ok: true })
  })

  it('waits some time for a better one and then takes the best', async () => {
    const fixes = [
      { accuracy: 300, after: 1 },
      { accuracy: 60, after: 5 },
      { accuracy: 90, after: 10 },
    ]
    const { located, heard } = take({ fixes })
    const answer = await located
    expect(answer.ok && answer.position.accuracyMetres).to.equal(60)
    expect(heard).to.deep.equal([300, 60])
  })

  for (const [code, expected] of [
    [1, 'POSITION_DENIED'],
    [2, 'POSITION_UNAVAILABLE'],
    [3, 'POSITION_TIMEOUT'],
  ] as const) {
    it(`says ${expected} for the browser's error ${code}`, async () => {
      const answer = await take({ error: { code, after: 1 } }).located
      expect(!answer.ok && answer.failure.code).to.equal(expected)
    })
  }

  it('has a different sentence for each', async () => {
    const sentences = await Promise.all(
      [1, 2, 3].map(async (code) => {
        const answer = await take({ error: { code, after: 1 } }).located
        return answer.ok ? '' : answer.failure.sentence
      }),
    )
    expect(new Set(sentences).size).to.equal(3)
  })

  it('keeps the fix it has when a later one fails, but not when the person says no', async () => {
    const fixes = [{ accuracy: 80, after: 1 }]
    const kept = await take({ fixes, error: { code: 3, after: 5 } }).located
    expect(kept.ok).to.be.true
    const denied = await take({ fixes, error: { code: 1, after: 5 } }).located
    expect(denied.ok).to.be.false
  })

  it('gives up when nothing comes at all', async () => {
    const answer = await take({}).located
    expect(!answer.ok && answer.failure.code).to.equal('POSITION_TIMEOUT')
  })

  it('says so where the browser has no position to give', async () => {
    const answer = await takePosition({
      locator: undefined,
      onFix: () => undefined,
      signal: new AbortController().signal,
    })
    expect(!answer.ok && answer.failure.code).to.equal('POSITION_UNSUPPORTED')
  })

  it('stops when the person leaves', async () => {
    const { locator, seen } = phone({})
    const leaving = new AbortController()
    const located = takePosition({ locator, onFix: () => undefined, signal: leaving.signal })
    leaving.abort()
    const answer = await located
    expect(!answer.ok && answer.failure.code).to.equal('POSITION_ABANDONED')
    expect(seen.cleared).to.equal(1)
  })
})

describe('positionOf', () => {
  const coords = { longitude: 75.1, latitude: 26.9, accuracy: 10 }

  it('rounds the time, which some browsers give with fractions', () => {
    expect(positionOf({ coords, timestamp: 1e12 + 0.6 })?.takenAt).to.equal(1e12 + 1)
  })

  it('never claims to know better than a metre', () => {
    const position = positionOf({ coords: { ...coords, accuracy: 0 }, timestamp: 1e12 })
    expect(position?.accuracyMetres).to.equal(1)
  })

  it('is nothing where a number is none', () => {
    expect(positionOf({ coords: { ...coords, latitude: NaN }, timestamp: 1e12 })).to.be.undefined
  })

  it('takes along what else the device says, and nothing that it does not', () => {
    const said = { altitude: -3.5, altitudeAccuracy: 2, heading: 0, speed: 0 }
    expect(positionOf({ coords: { ...coords, ...said }, timestamp: 1e12 })).to.include({
      altitudeMetres: -3.5,
      altitudeAccuracyMetres: 2,
      headingDegrees: 0,
      speedMetresPerSecond: 0,
    })
    const unsaid = { altitude: null, altitudeAccuracy: null, heading: NaN, speed: -1 }
    expect(positionOf({ coords: { ...coords, ...unsaid }, timestamp: 1e12 })).to.deep.equal({
      longitude: 75.1,
      latitude: 26.9,
      accuracyMetres: 10,
      takenAt: 1e12,
    })
  })
})
