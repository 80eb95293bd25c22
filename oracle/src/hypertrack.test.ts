import { deviceSentenceFor, OUTAGES, outageCode } from '@coupon-secure/protocol/device'
import { expect } from 'chai'
import { HyperTrackUnavailableError } from './errors.ts'
import { createHyperTrack, type HyperTrack } from './hypertrack.ts'
import {
  type HyperTrackRehearsal,
  type RehearsedDevice,
  startHyperTrackRehearsal,
} from './hypertrack-rehearsal.ts'

const SECRET = 'a-secret-canary'
const place = { longitude: 75.9241357, latitude: 26.9362468, accuracy: 10.75 }

describe('HyperTrack', () => {
  let rehearsal: HyperTrackRehearsal
  let source: HyperTrack
  // The clock stands still while HTTP is real, and jumps where the client waits: no test waits for anything.
  const clock = { now: 1_800_000_000_123, slept: [] as number[] }
  const moment = (ago = 1_000) => new Date(clock.now - ago).toISOString().replace('Z', '000Z')
  const fresh = (overrides: Partial<Parameters<typeof createHyperTrack>[0]> = {}) =>
    createHyperTrack({
      fetch: (url, init) => fetch(url, init),
      now: () => clock.now,
      sleep: (milliseconds) => {
        clock.slept.push(milliseconds)
        clock.now += milliseconds
        return Promise.resolve()
      },
      random: () => 0.5,
      url: rehearsal.url,
      accountId: 'account',
      secretKey: SECRET,
      ...overrides,
    })
  const workerAt = (...devices: Partial<RehearsedDevice>[]) =>
    rehearsal.worker(
      'worker',
      ...devices.map((device) => ({ ...place, recordedAt: moment(), ...device })),
    )

  before(async () => {
    rehearsal = await startHyperTrackRehearsal({ secretKey: SECRET, now: () => clock.now })
  })
  after(() => rehearsal.close())
  beforeEach(() => {
    rehearsal.reset()
    clock.now += 60_000
    clock.slept = []
    source = fresh()
  })

  describe('given a device that wakes', () => {
    it('reads its position, with the device’s own accuracy and time', async () => {
      const [device] = workerAt({})
      expect(await source.read('worker')).to.deep.equal({
        outcome: 'located',
        fix: {
          longitudeE7: 759_241_357,
          latitudeE7: 269_362_468,
          accuracyMillimetres: 10_750,
          takenAt: Date.parse(device!.recordedAt!),
        },
      })
      const [first, second, third] = rehearsal.asked
      expect(first).to.equal('POST /workers/worker/locate')
      expect(second).to.match(/^GET \/workers\/locate\?request_id=[0-9a-f-]{36}$/)
      expect(third).to.equal(`GET /devices/${device!.deviceId}`)
    })

    it('polls until it does, ever more patiently', async () => {
      workerAt({ wakesAfter: 5 })
      expect((await source.read('worker')).outcome).to.equal('located')
      expect(clock.slept).to.deep.equal([250, 375, 562.5, 843.75, 1265.625])
    })

    it('reads both forms in which their documents write a time', async () => {
      for (const [recordedAt, takenAt] of [
        ['2019-07-18T18:01:59.064000Z', 1_563_472_919_064],
        ['2023-10-24 16:27:52.768000+00:00', 1_698_164_872_768],
        ['2023-10-24T16:27:52+02:00', 1_698_157_672_000],
      ] as const) {
        workerAt({ recordedAt })
        const reading = await fresh().read('worker')
        expect(reading).to.have.nested.property('fix.takenAt', takenAt)
      }
    })

    it('takes a handle as text, whatever is in it', async () => {
      rehearsal.worker('+41|a:b@c.d=e_f', { ...place })
      expect((await source.read('+41|a:b@c.d=e_f')).outcome).to.equal('located')
    })
  })

  describe('given an outage', () => {
    for (const reason of [...OUTAGES, 'location.mocked', 'solar_flare']) {
      it(`refuses ${reason} with its own code`, async () => {
        workerAt({ condition: 'inactive', reason })
        const reading = await source.read('worker')
        expect(reading).to.deep.equal({ outcome: 'refused', code: outageCode(reason) })
      })
    }

    it('refuses one that only the device admits', async () => {
      const [device] = workerAt({})
      const late = fresh({
        fetch: (url, init) => {
          // After the locate request was completed, and before the device is read.
          const turn = { condition: 'inactive', reason: 'location_services_disabled' }
          if (url.includes('/devices/')) Object.assign(device!, turn)
          return fetch(url, init)
        },
      })
      expect(await late.read('worker')).to.have.property('code', 'DEVICE_LOCATION_OFF')
    })

    const cases: [string, Partial<RehearsedDevice>[], keyof typeof deviceSentenceFor][] = [
      ['is disconnected', [{ condition: 'disconnected' }], 'DEVICE_DISCONNECTED'],
      ['never wakes', [{ condition: 'silent' }], 'DEVICE_SILENT'],
      ['has no position', [{ hasLocation: false }], 'DEVICE_NO_POSITION'],
      ['gives no reason', [{ condition: 'inactive' }], 'DEVICE_NO_POSITION'],
      ['does not say how accurate it is', [{ accuracy: undefined }], 'DEVICE_INCOMPLETE'],
      ['says it is accurate to nothing', [{ accuracy: 0 }], 'DEVICE_INCOMPLETE'],
      ['does not say when', [{ recordedAt: undefined }], 'DEVICE_INCOMPLETE'],
      ['gives a time without a zone', [{ recordedAt: '2019-07-18T18:01:59' }], 'DEVICE_INCOMPLETE'],
      ['gives a time that is none', [{ recordedAt: '2019-13-48T18:01:59Z' }], 'DEVICE_INCOMPLETE'],
      ['is nowhere on earth', [{ longitude: 181 }], 'DEVICE_INCOMPLETE'],
      ['is NaN', [{ latitude: NaN }], 'DEVICE_INCOMPLETE'], // JSON has null for it
      ['is one of two', [{}, {}], 'DEVICE_NOT_ONE'],
      ['is not there', [], 'DEVICE_NOT_LINKED'],
    ]
    for (const [what, devices, code] of cases) {
      it(`refuses a device that ${what}: ${code}`, async () => {
        workerAt(...devices)
        expect(await source.read('worker')).to.deep.equal({ outcome: 'refused', code })
      })
    }

    it('refuses a worker that is not there', async () => {
      expect(await source.read('nobody')).to.deep.equal({
        outcome: 'refused',
        code: 'WORKER_UNKNOWN',
      })
    })

    it('gives up on a device that never wakes before a browser gives up on us', async () => {
      workerAt({ condition: 'silent' })
      const started = clock.now
      await source.read('worker')
      expect(clock.now - started).to.be.within(7_000, 10_000)
    })
  })

  describe('given HyperTrack itself in trouble', () => {
    for (const fault of ['429', '500', '503', 'html', 'half', 'empty', 'cut', 'huge'] as const) {
      it(`asks again after ${fault}`, async () => {
        workerAt({})
        rehearsal.failNext(fault, fault)
        expect((await source.read('worker')).outcome).to.equal('located')
        expect(rehearsal.asked.filter((line) => line.startsWith('POST'))).to.have.length(3)
      })
    }

    it('asks again when it is slow', async function () {
      this.timeout(8_000) // three seconds of them are real
      workerAt({})
      rehearsal.failNext('slow')
      expect((await source.read('worker')).outcome).to.equal('located')
    })

    it('follows no redirect', async () => {
      workerAt({})
      rehearsal.failNext('redirect', 'redirect', 'redirect', 'redirect')
      expect(await failureOf(source.read('worker'))).to.equal('it does not answer')
    })

    it('is as silent as 429 asks, in all its requests', async () => {
      workerAt({})
      rehearsal.failNext('429')
      const started = clock.now
      await source.read('worker')
      expect(clock.now - started).to.be.at.least(1_000)
    })

    it('gives up after four tries, and waits longer before each', async () => {
      workerAt({})
      rehearsal.failNext('500', '500', '500', '500')
      expect(await failureOf(source.read('worker'))).to.equal('it answers 500')
      expect(rehearsal.asked).to.have.length(4)
      expect(clock.slept).to.deep.equal([100, 200, 400]) // by a coin that always lands on its edge
    })

    it('tries wrong credentials once', async () => {
      workerAt({})
      const stranger = fresh({ secretKey: 'wrong' })
      expect(await failureOf(stranger.read('worker'))).to.equal('it refuses our credentials')
      expect(rehearsal.asked).to.have.length(1)
    })

    it('leaves it alone after five failures, and looks again after half a minute', async () => {
      workerAt({})
      for (let failures = 0; failures < 5; failures++) {
        rehearsal.failNext('500', '500', '500', '500')
        await failureOf(source.read('worker'))
      }
      const asked = rehearsal.asked.length
      expect(await failureOf(source.read('worker'))).to.contain('left alone')
      expect(rehearsal.asked).to.have.length(asked)
      clock.now += 30_000
      expect((await source.read('worker')).outcome).to.equal('located')
      clock.now += 6_000
      rehearsal.failNext('500', '500', '500', '500')
      expect(await failureOf(source.read('worker'))).to.equal('it answers 500')
    })

    it('says in no error whom it asked about, or with what key', async () => {
      workerAt({})
      rehearsal.failNext('cut', 'cut', 'cut', 'cut')
      const error = await source.read('worker').catch((error: unknown) => error)
      expect(error).to.be.instanceOf(HyperTrackUnavailableError)
      const all = JSON.stringify(error, Object.getOwnPropertyNames(error))
      for (const canary of ['worker/', SECRET, 'Basic', '75.924', 'account']) {
        expect(all).not.to.contain(canary)
      }
    })
  })

  describe('given many at once', () => {
    it('asks once for one worker, and keeps the answer for five seconds', async () => {
      workerAt({})
      await Promise.all([source.read('worker'), source.read('worker')])
      await source.read('worker')
      expect(rehearsal.asked).to.have.length(3)
      clock.now += 5_000
      await source.read('worker')
      expect(rehearsal.asked).to.have.length(6)
    })

    it('sends twenty requests a second at most, after a burst of ten', async () => {
      const workers = Array.from({ length: 40 }, (_, index) => `worker-${index}`)
      for (const worker of workers) rehearsal.worker(worker, { ...place, wakesAfter: 0 })
      const started = clock.now
      const readings = await Promise.all(workers.map((worker) => source.read(worker)))
      expect(readings.every(({ outcome }) => outcome === 'located')).to.equal(true)
      expect(clock.now - started).to.be.at.least(((80 - 11) * 1000) / 20)
    })
  })

  describe('given webhooks', () => {
    const mocked = (recorded_at: string, deviceId: string) => ({
      device_id: deviceId,
      recorded_at,
      created_at: recorded_at,
      type: 'device_status',
      data: { value: 'inactive', reason: 'location.mocked', recorded_at },
      version: '2.0.0',
    })
    const back = (recorded_at: string, deviceId: string) => ({
      ...mocked(recorded_at, deviceId),
      data: { value: 'active', activity: 'walk' },
    })
    const hear = (messageId: string, ...events: unknown[]) => source.hear({ messageId, events })

    it('reads the API again', async () => {
      const [device] = workerAt({})
      await source.read('worker')
      hear('1', back(moment(0), device!.deviceId))
      await source.read('worker')
      expect(rehearsal.asked).to.have.length(6)
    })

    it('believes an outage until the API says something newer', async () => {
      const [device] = workerAt({})
      hear('1', mocked(moment(0), device!.deviceId))
      expect(await source.read('worker')).to.have.property('code', 'DEVICE_LOCATION_MOCKED')
      clock.now += 6_000
      device!.recordedAt = moment()
      expect((await source.read('worker')).outcome).to.equal('located')
    })

    it('refuses a device whose clock was changed', async () => {
      const [device] = workerAt({})
      hear('1', {
        ...mocked(moment(-3_600_000), device!.deviceId),
        type: 'time_offset_changed',
        data: { user_time: moment(), value: 3584.235 },
      })
      expect(await source.read('worker')).to.have.property('code', 'DEVICE_CLOCK_CHANGED')
      clock.now += 6_000
      device!.recordedAt = moment()
      expect((await source.read('worker')).outcome, 'no hint reaches into the future').to.equal(
        'located',
      )
    })

    it('goes by the time of recording, not of arrival', async () => {
      const [device] = workerAt({ recordedAt: moment(9_000) })
      hear('1', back(moment(1_000), device!.deviceId))
      hear('2', mocked(moment(5_000), device!.deviceId)) // overtaken
      expect((await source.read('worker')).outcome).to.equal('located')
      hear('3', back(moment(4_000), device!.deviceId), mocked(moment(500), device!.deviceId))
      expect(await source.read('worker')).to.have.property('code', 'DEVICE_LOCATION_MOCKED')
    })

    it('hears one message once', async () => {
      const [device] = workerAt({})
      hear('1', back(moment(0), device!.deviceId))
      await source.read('worker')
      for (let repeats = 0; repeats < 3; repeats++) hear('1', back(moment(0), device!.deviceId))
      await source.read('worker')
      expect(rehearsal.asked).to.have.length(3)
    })

    it('never vouches for anything, and takes any nonsense', async () => {
      const [device] = workerAt({ condition: 'inactive', reason: 'location_services_disabled' })
      hear('1', back(moment(0), device!.deviceId))
      hear('2', null, 7, 'x', [], {}, { device_id: 7 }, { ...back('yesterday', device!.deviceId) })
      hear('3', { device_id: device!.deviceId, type: 'device_status', recorded_at: moment(0) })
      hear('4', JSON.parse('{"__proto__":{"device_id":"x"}}'))
      expect(await source.read('worker')).to.have.property('code', 'DEVICE_LOCATION_OFF')
    })
  })
})

async function failureOf(reading: Promise<unknown>): Promise<string> {
  const error = await reading.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(error).to.be.instanceOf(HyperTrackUnavailableError)
  return /: (.+)\.$/.exec((error as HyperTrackUnavailableError).message)?.[1] ?? ''
}
