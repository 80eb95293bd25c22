import { expect } from 'chai'
import { misfitOf, positionOf, takePosition } from './position.ts'
import type { Locator, Page } from './position-watch.ts'

const NOW = 1e12

type Fix = { accuracy: number; after: number; takenAt?: number; latitude?: number }

/** A phone that reports these fixes, or an error, in time. */
function phone({ fixes = [], error }: { fixes?: Fix[]; error?: { code: number; after: number } }) {
  const seen = { options: undefined as PositionOptions | undefined, cleared: 0 }
  const locator = {
    watchPosition: (onFix, onError, options) => {
      seen.options = options
      for (const { accuracy, after, takenAt = NOW, latitude = 26 } of fixes) {
        setTimeout(
          () =>
            onFix({ coords: { longitude: 75, latitude, accuracy }, timestamp: takenAt } as never),
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
  wish: Partial<Parameters<typeof takePosition>[0]> = {},
) {
  const { locator, seen } = phone(given)
  const heard: number[] = []
  const located = takePosition({
    locator,
    onFix: ({ accuracyMetres }) => heard.push(accuracyMetres),
    signal: new AbortController().signal,
    now: () => NOW,
    timeout: 60,
    patience: 30,
    ...wish,
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

  it('gives a device a moment that does not know where it is', async () => {
    const fixes = [{ accuracy: 8, after: 9 }]
    const answer = await take({ fixes, error: { code: 2, after: 1 } }).located
    expect(answer).to.have.nested.property('position.accuracyMetres', 8)
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

describe('takePosition, of fixes that are no answer', () => {
  it('passes over an old one and waits for one of now', async () => {
    const fixes = [
      { accuracy: 5, after: 1, takenAt: NOW - 60_001 },
      { accuracy: 12, after: 5 },
    ]
    const { located, heard } = take({ fixes })
    expect(await located).to.have.nested.property('position.accuracyMetres', 12)
    expect(heard).to.deep.equal([12])
  })

  it('says that it has old ones only', async () => {
    const fixes = [{ accuracy: 5, after: 1, takenAt: NOW - 60_001 }]
    const answer = await take({ fixes }).located
    expect(!answer.ok && answer.failure.code).to.equal('POSITION_OLD')
  })

  it('says that the clock is wrong where a fix comes from the future', async () => {
    const fixes = [{ accuracy: 5, after: 1, takenAt: NOW + 5_001 }]
    const answer = await take({ fixes }).located
    expect(!answer.ok && answer.failure.code).to.equal('POSITION_FROM_FUTURE')
    expect(!answer.ok && answer.failure.sentence).to.contain('clock')
  })

  it('draws the line to the millisecond', () => {
    const misfit = (takenAt: number) => misfitOf({ position: { takenAt }, now: NOW })
    expect([-60_000, 0, 5_000].map((ahead) => misfit(NOW + ahead))).to.deep.equal(
      Array(3).fill(undefined),
    )
    expect(misfit(NOW - 60_001)).to.equal('POSITION_OLD')
    expect(misfit(NOW + 5_001)).to.equal('POSITION_FROM_FUTURE')
  })

  it('takes none that is no newer than the one before', async () => {
    const fixes = [
      { accuracy: 5, after: 1, takenAt: NOW - 10 },
      { accuracy: 15, after: 5, takenAt: NOW - 9 },
    ]
    const { located } = take({ fixes }, { after: NOW - 10 })
    expect(await located).to.have.nested.property('position.takenAt', NOW - 9)
  })

  it('waits for what is asked for, however exact another is', async () => {
    const fixes = [
      { accuracy: 5, after: 1 },
      { accuracy: 5, after: 5, latitude: 27 },
    ]
    const { located } = take({ fixes }, { isGood: ({ latitude }) => latitude === 27 })
    expect(await located).to.have.nested.property('position.latitude', 27)
  })

  it('takes where somebody is now rather than where they were, if it is nearly as exact', async () => {
    const fixes = [
      { accuracy: 40, after: 1, takenAt: NOW - 5_000 },
      { accuracy: 55, after: 5, takenAt: NOW },
      { accuracy: 90, after: 9, takenAt: NOW + 4_000 },
    ]
    expect(await take({ fixes }).located).to.have.nested.property('position.accuracyMetres', 55)
  })
})

describe('takePosition, while the page is hidden', () => {
  const hidden = () => {
    const heard = new Set<() => void>()
    const page = {
      visibilityState: 'hidden' as DocumentVisibilityState,
      addEventListener: (_: string, listener: () => void) => heard.add(listener),
      removeEventListener: (_: string, listener: () => void) => heard.delete(listener),
    }
    const become = (state: DocumentVisibilityState) => {
      page.visibilityState = state
      for (const listener of heard) listener()
    }
    return { page: page as unknown as Page, become, heard }
  }

  it('asks the device nothing, and no time passes', async () => {
    const { page, become, heard } = hidden()
    const { located, seen } = take({ fixes: [{ accuracy: 5, after: 1 }] }, { page, timeout: 5 })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(seen.options).to.equal(undefined)
    become('visible')
    expect(await located).to.have.property('ok', true)
    expect(heard.size, 'it listens no more').to.equal(0)
  })

  it('stops asking when it is hidden in the middle', async () => {
    const { page, become } = hidden()
    become('visible')
    const { located, seen } = take({}, { page, timeout: 20 })
    become('hidden')
    expect(seen.cleared).to.equal(1)
    await new Promise((resolve) => setTimeout(resolve, 40))
    become('visible')
    const answer = await located
    expect(!answer.ok && answer.failure.code).to.equal('POSITION_TIMEOUT')
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
