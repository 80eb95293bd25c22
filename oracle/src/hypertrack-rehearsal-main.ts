import { startHyperTrackRehearsal, type RehearsedDevice } from './hypertrack-rehearsal.ts'

// A HyperTrack of this machine for whoever wants to try the source without an account (docs/operating.md#hypertrack). Workers
// whose handle begins with "demo" exist: "demo-anna" stands at POSITION, "demo-<outage>" has that outage.

const { PORT, POSITION = '', HYPERTRACK_ACCOUNT_ID, HYPERTRACK_SECRET_KEY } = process.env
const [longitude = 0, latitude = 0] = POSITION.split(',').map(Number)
const CONDITIONS = ['silent', 'disconnected'] as const

const { url } = await startHyperTrackRehearsal({
  port: Number(PORT),
  accountId: HYPERTRACK_ACCOUNT_ID,
  secretKey: HYPERTRACK_SECRET_KEY,
  workerOf: (handle) => (handle.startsWith('demo') ? deviceOf(handle) : undefined),
})
process.stdout.write(`HyperTrack is rehearsed at ${url}\n`)

function deviceOf(handle: string): RehearsedDevice {
  const what = handle.replace(/^demo-?/, '')
  const condition = CONDITIONS.find((one) => one === what)
  const isOutage = what.includes('_')
  return {
    deviceId: `REHEARSED-${Buffer.from(handle).toString('hex').slice(0, 40)}`,
    longitude,
    latitude,
    accuracy: 12.5,
    recordedAgo: 1_000,
    condition: condition ?? (isOutage ? 'inactive' : 'active'),
    ...(isOutage && { reason: what }),
    hasLocation: true,
    wakesAfter: 2,
  }
}
