import * as z from 'zod/mini'
import { couponOfHolder, proofField } from './wire.ts'
import { hexField, secondsField } from './wire-fields.ts'
import { workerHandleField } from './worker.ts'

/** POST /v1/workers: a coupon shows that the sender is one of the book's holders; an empty handle takes the binding back. */
export const workerRequestSchema = z.strictObject({
  ...couponOfHolder,
  proof: proofField,
  workerHandle: z.string({ error: 'WORKER_HANDLE_INVALID' }).check(
    z.refine((handle) => handle === '' || workerHandleField.safeParse(handle).success, {
      error: 'WORKER_HANDLE_INVALID',
    }),
  ),
  issuedAt: secondsField,
  signature: hexField({ from: 64, to: 4096 }), // long ones are ERC-1271 contracts'
})

/** Answer to it: whether a worker is bound now. */
export const workerAnswerSchema = z.strictObject({ isBound: z.boolean() })

/** A holder says which account of the tracking app is theirs. */
export type WorkerRequest = z.infer<typeof workerRequestSchema>

/** Whether a worker is bound now. */
export type WorkerAnswer = z.infer<typeof workerAnswerSchema>
