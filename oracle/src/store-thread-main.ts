import { parentPort, workerData } from 'node:worker_threads'
import { hashWith } from '@coupon-secure/protocol/keccak'
import { keccakInWasm } from '@coupon-secure/service/keccak'
import { traceOf } from '@coupon-secure/service/log'
import { openFolderStore } from './store.ts'
import type { StoreQuestion, StoreReply } from './store-thread.ts'

// The thread of store-thread.ts.

const { folder } = workerData as { folder: string }
const port = parentPort
if (!port) throw new Error('This is no program, but a thread.')
hashWith(await keccakInWasm())
const store = await openFolderStore({ folder })

port.on('message', ({ id, asked, given }: StoreQuestion) => {
  const ask = store[asked] as (...given: unknown[]) => Promise<unknown>
  ask(...given).then(
    (answer) => port.postMessage({ id, answer } satisfies StoreReply),
    // Kinds and places: errors of a database quote what they were given.
    (error: unknown) => port.postMessage({ id, trace: traceOf(error) } satisfies StoreReply),
  )
})
port.postMessage('open' satisfies StoreReply)
