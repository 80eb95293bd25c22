import {
  count,
  readVariables,
  serviceVariables,
  text,
  unlessOne,
} from '@coupon-secure/service/environment'
import { parseEther, parseGwei } from 'viem'
import { z } from 'zod'

const money = (unit: string) =>
  z.string().regex(/^\d{1,9}(\.\d{1,18})?$/, `must be a number of ${unit}, like 0.05`)

const environmentSchema = z
  .object({
    ...serviceVariables,
    RELAYER_KEY: z
      .string()
      .transform((list) => list.split(',').map((key) => key.trim()))
      .refine(
        (keys) => keys.every((key) => /^0x[0-9a-fA-F]{64}$/.test(key)),
        'must be 0x and 64 hex digits, or several with commas',
      )
      .transform((keys) => keys.map((key) => `0x${key.slice(2)}` as const))
      .optional(),
    RELAYER_KEYSTORE: text.optional(),
    RELAYER_KEYSTORE_PASSWORD: text.optional(),
    BATCH_MILLISECONDS: count(0).default(250),
    BATCH_ITEMS: count(1)
      .refine((most) => most <= 200, 'must be 200 or less')
      .default(50),
    STUCK_SECONDS: count(1).default(30),
    FINAL_AFTER_BLOCKS: count(0).default(12),
    LEASE_MILLISECONDS: count(500).default(5_000),
    MOST_FEE_GWEI: money('gwei')
      .default('100')
      .transform((gwei) => parseGwei(gwei)),
    DAILY_BUDGET_ETHER: money('ether')
      .default('1')
      .transform((ether) => parseEther(ether)),
    BALANCE_FLOOR_ETHER: money('ether')
      .default('0.01')
      .transform((ether) => parseEther(ether)),
    MOST_REQUESTS_PER_NETWORK_AND_MINUTE: count(1).default(1_200),
    MOST_TRIES_PER_COUPON_AND_HOUR: count(1).default(10),
  })
  .superRefine((environment, context) => {
    for (const issue of [
      ...unlessOne({ environment, of: 'RELAYER_KEY', or: 'RELAYER_KEYSTORE' }),
      ...unlessOne({ environment, of: 'DATA_DIR', or: 'DATABASE_URL' }),
    ]) {
      context.addIssue(issue)
    }
    if (environment.RELAYER_KEYSTORE && !environment.RELAYER_KEYSTORE_PASSWORD) {
      context.addIssue({
        code: 'custom',
        path: ['RELAYER_KEYSTORE_PASSWORD'],
        message: 'must be set with RELAYER_KEYSTORE',
      })
    }
  })

/** What the relayer is told when it starts. */
export type Environment = z.infer<typeof environmentSchema>

/** Reads the environment once. Names every variable that is wrong, and never its value. */
export function readEnvironment(variables: Record<string, string | undefined>): Environment {
  return readVariables({ schema: environmentSchema, variables })
}
