import {
  count,
  isOrigin,
  readVariables,
  serviceVariables,
  text,
  unlessOne,
  url,
} from '@coupon-secure/service/environment'
import { z } from 'zod'
import { HYPERTRACK_URL } from './hypertrack.ts'

const environmentSchema = z
  .object({
    ...serviceVariables,
    RPC_URL_2: url(/^https?$/).optional(),
    ORACLE_KEY: z
      .string()
      .regex(/^0x[0-9a-fA-F]{64}$/, 'must be 0x and 64 hex digits')
      .transform((key) => `0x${key.slice(2)}` as const)
      .optional(),
    ORACLE_KEYSTORE: text.optional(),
    ORACLE_KEYSTORE_PASSWORD: text.optional(),
    HYPERTRACK_URL: z
      .url({ protocol: /^https?$/, error: 'must be a URL' })
      .refine(isSafeService, 'must be https and without a path; http on this machine alone')
      .default(HYPERTRACK_URL),
    HYPERTRACK_ACCOUNT_ID: text.optional(),
    HYPERTRACK_SECRET_KEY: text.optional(),
    HYPERTRACK_WEBHOOK_TOKEN: z
      .string()
      .regex(/^[A-Za-z0-9_-]{32,128}$/, 'must be 32 to 128 letters, digits, - or _')
      .optional(),
    MOST_REQUESTS_PER_NETWORK_AND_MINUTE: count(1).default(6_000),
    MOST_CLAIMS_PER_HOLDER_AND_HOUR: count(1).default(120),
  })
  .superRefine((environment, context) => {
    for (const issue of [
      ...unlessOne({ environment, of: 'ORACLE_KEY', or: 'ORACLE_KEYSTORE' }),
      ...unlessOne({ environment, of: 'DATA_DIR', or: 'DATABASE_URL' }),
    ]) {
      context.addIssue(issue)
    }
    const { HYPERTRACK_ACCOUNT_ID: account, HYPERTRACK_SECRET_KEY: secret } = environment
    if ((account === undefined) !== (secret === undefined)) {
      context.addIssue({
        code: 'custom',
        path: ['HYPERTRACK_ACCOUNT_ID'],
        message: 'and HYPERTRACK_SECRET_KEY must be set both, or neither',
      })
    }
    if (environment.HYPERTRACK_WEBHOOK_TOKEN !== undefined && account === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['HYPERTRACK_WEBHOOK_TOKEN'],
        message: 'needs HYPERTRACK_ACCOUNT_ID and HYPERTRACK_SECRET_KEY',
      })
    }
    if (environment.ORACLE_KEYSTORE && !environment.ORACLE_KEYSTORE_PASSWORD) {
      context.addIssue({
        code: 'custom',
        path: ['ORACLE_KEYSTORE_PASSWORD'],
        message: 'must be set with ORACLE_KEYSTORE',
      })
    }
  })

/** What the oracle is told when it starts. */
export type Environment = z.infer<typeof environmentSchema>

/** Reads the environment once. Names every variable that is wrong, and never its value. */
export function readEnvironment(variables: Record<string, string | undefined>): Environment {
  return readVariables({ schema: environmentSchema, variables })
}

// Our credentials go there with every request.
function isSafeService(candidate: string): boolean {
  if (!isOrigin(candidate)) return false
  const { protocol, hostname } = new URL(candidate)
  return protocol === 'https:' || hostname === '127.0.0.1' || hostname === 'localhost'
}
