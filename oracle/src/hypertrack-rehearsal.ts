import { randomUUID } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

// HyperTrack's API as its documents describe it, on this machine, with everything that can go wrong; for the tests, and for
// whoever wants to try the source without an account. Nothing of the service uses it.

/** A device of the rehearsal; what is undefined is missing from the answers, as it sometimes is from theirs. */
export type RehearsedDevice = {
  deviceId: string
  longitude: number
  latitude: number
  accuracy?: number
  recordedAt?: string
  /** Instead of a fixed time: so many milliseconds before each answer. */
  recordedAgo?: number
  /** `silent` never wakes; a device that is inactive says why. */
  condition: 'active' | 'inactive' | 'disconnected' | 'silent'
  reason?: string
  hasLocation: boolean
  /** Polls until a locate request is completed. */
  wakesAfter: number
}

/** What may happen to the next requests instead of an answer. */
export type Fault =
  '429' | '500' | '503' | 'html' | 'half' | 'cut' | 'huge' | 'slow' | 'redirect' | 'empty'

type LocateRequest = { worker: string; device: string[]; polls: number; createdAt: string }

/** A running rehearsal of HyperTrack. */
export type HyperTrackRehearsal = Awaited<ReturnType<typeof startHyperTrackRehearsal>>

/** Starts it on a port of this machine, any free one unless told. */
export async function startHyperTrackRehearsal({
  port = 0,
  accountId = 'account',
  secretKey = 'secret',
  now = Date.now,
  workerOf,
}: {
  port?: number
  accountId?: string
  secretKey?: string
  now?: () => number
  /** Makes a worker that nobody set up, where one is wanted. */
  workerOf?: (handle: string) => RehearsedDevice | undefined
} = {}) {
  const workers = new Map<string, RehearsedDevice[]>()
  const requests = new Map<string, LocateRequest>()
  const faults: Fault[] = []
  const asked: string[] = []
  const credentials = `Basic ${Buffer.from(`${accountId}:${secretKey}`).toString('base64')}`
  const moment = (milliseconds = now()) => new Date(milliseconds).toISOString().replace('Z', '000Z')

  const server = createServer((request, response) => {
    request.resume()
    const { method = '', url = '/' } = request
    asked.push(`${method} ${url}`)
    const fault = faults.shift()
    if (fault !== undefined) return fail({ fault, response })
    if (request.headers.authorization !== credentials) {
      return answer({ response, status: 401, json: { message: 'Unauthorized' } })
    }
    answer({ response, ...answerTo({ method, url: new URL(url, 'http://rehearsal') }) })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const { port: listening } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${listening}`,
    /** Everything that was asked, as "GET /path". */
    asked,
    /** What happens to the next requests, one after the other. */
    failNext: (...next: Fault[]) => void faults.push(...next),
    /** Sets up a worker with one device, active at 0 degrees unless told; returns it, to be turned. */
    worker: (handle: string, ...devices: Partial<RehearsedDevice>[]) => {
      const made = devices.map((device) => ({ ...usual(), ...device }))
      workers.set(handle, made)
      return made
    },
    reset: () => {
      workers.clear()
      requests.clear()
      faults.length = 0
      asked.length = 0
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }

  function usual(): RehearsedDevice {
    return {
      deviceId: randomUUID().toUpperCase(),
      longitude: 0,
      latitude: 0,
      accuracy: 14.09,
      recordedAt: moment(now() - 1_000),
      condition: 'active',
      hasLocation: true,
      wakesAfter: 1,
    }
  }

  function answerTo({ method, url }: { method: string; url: URL }): Answer {
    const [first, second, third, ...more] = url.pathname.split('/').slice(1).map(decodeURIComponent)
    if (more.length > 0) return notFound('not_found')
    if (method === 'POST' && first === 'workers' && second && third === 'locate') {
      return locate(second)
    }
    if (method === 'GET' && first === 'workers' && second === 'locate' && third === undefined) {
      return poll(url.searchParams.get('request_id') ?? '')
    }
    if (method === 'GET' && first === 'devices' && second && third === undefined) {
      return deviceAnswer(second)
    }
    return notFound('not_found')
  }

  function devicesOf(handle: string): RehearsedDevice[] | undefined {
    const made = workers.get(handle)
    if (made !== undefined) return made
    const device = workerOf?.(handle)
    if (device !== undefined) workers.set(handle, [device])
    return device && [device]
  }

  function locate(worker: string): Answer {
    const devices = devicesOf(worker)
    if (devices === undefined) return notFound('driver_not_found')
    if (devices.length === 0) {
      return { status: 400, json: { code: 'driver_not_linked_to_device', title: '', detail: '' } }
    }
    const id = randomUUID()
    const device = devices.map(({ deviceId }) => deviceId)
    requests.set(id, { worker, device, polls: 0, createdAt: moment() })
    return locateAnswer(id)
  }

  function poll(id: string): Answer {
    const request = requests.get(id)
    if (request === undefined) return notFound('locate_request_not_found')
    request.polls++
    return locateAnswer(id)
  }

  function locateAnswer(id: string): Answer {
    const { worker, polls, createdAt } = requests.get(id) ?? { worker: '', polls: 0, createdAt: '' }
    const devices = workers.get(worker) ?? []
    const isDone = devices.every(
      ({ wakesAfter, condition }) => condition !== 'silent' && polls >= wakesAfter,
    )
    return {
      status: 200,
      json: {
        request_id: id,
        worker_handle: worker,
        status: isDone ? 'completed' : 'pending',
        created_at: createdAt,
        updated_at: moment(),
        ...(isDone && { completed_at: moment() }),
        devices: devices.map((device) => ({
          device_id: device.deviceId,
          status: isDone ? 'completed' : 'pending',
          ...(isDone && outcomeOf(device)),
        })),
      },
    }
  }

  function outcomeOf({ condition, reason, hasLocation, longitude, latitude }: RehearsedDevice) {
    if (condition === 'disconnected') return { device_status: 'disconnected' }
    if (condition === 'inactive') return { outage_reasons: reason === undefined ? [] : [reason] }
    if (!hasLocation) return {}
    return { location: { geometry: { type: 'Point', coordinates: [longitude, latitude] } } }
  }

  function deviceAnswer(id: string): Answer {
    const device = [...workers.values()].flat().find(({ deviceId }) => deviceId === id)
    if (device === undefined) return notFound('device_not_found')
    const { longitude, latitude, accuracy, condition, reason, hasLocation, recordedAgo } = device
    const recordedAt = recordedAgo === undefined ? device.recordedAt : moment(now() - recordedAgo)
    return {
      status: 200,
      json: {
        device_id: id,
        ...(hasLocation && {
          location: {
            speed: 0,
            bearing: 193.12,
            geometry: { type: 'Point', coordinates: [longitude, latitude, 65.4] },
            accuracy,
            recorded_at: recordedAt,
          },
        }),
        device_status: {
          value: condition === 'silent' ? 'active' : condition,
          data: {
            recorded_at: recordedAt,
            ...(condition === 'inactive' ? { reason } : { activity: 'stop' }),
          },
        },
        battery: 'normal',
        device_info: { os_name: 'Android', sdk_version: '7.14.0' },
        registered_at: '2019-07-10T01:38:45.610000Z',
      },
    }
  }

  function fail({ fault, response }: { fault: Fault; response: ServerResponse }) {
    switch (fault) {
      case '429':
        return answer({ response, status: 429, json: {}, headers: { 'retry-after': '1' } })
      case '500':
      case '503':
        return answer({ response, status: Number(fault), json: { message: 'Internal Error' } })
      case 'html':
        response.writeHead(200, { 'content-type': 'text/html' })
        return void response.end('<html><body>Welcome to nginx!</body></html>')
      case 'half':
        response.writeHead(200, { 'content-type': 'application/json' })
        return void response.end('{"request_id":"0000')
      case 'empty':
        response.writeHead(200, { 'content-type': 'application/json' })
        return void response.end()
      case 'cut':
        return void response.destroy()
      case 'huge':
        response.writeHead(200, { 'content-type': 'application/json' })
        return void response.end(`{"pad":"${'x'.repeat(1_000_000)}"}`)
      case 'slow':
        return // says nothing until the asker hangs up
      case 'redirect':
        response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' })
        return void response.end()
    }
  }
}

type Answer = { status: number; json: unknown }

function notFound(code: string): Answer {
  return { status: 404, json: { code, title: 'Not Found', detail: '' } }
}

function answer({
  response,
  status,
  json,
  headers = {},
}: Answer & { response: ServerResponse; headers?: Record<string, string> }): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(json))
}
