import { getAddress, isAddress } from 'viem'
import { z } from 'zod'
import { EnvironmentError } from '@coupon-secure/service/errors'
import { HYPERTRACK_URL } from './hypertrack.ts'
import { proxiesIn } from '@coupon-secure/service/network'

const text = z.string().min(1)
const url = (protocol: RegExp) => z.url({ protocol, error: 'must be a URL' })

const count = (least: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .refine((number) => number >= least, `must be ${least} or more`)
const commaList = z
  .string()
  .default('')
  .transform((list) => list.split(',').map((one) => one.trim()))
  .transform((ones) => ones.filter((one) => one !== ''))

const environmentSchema = z
  .object({
    PORT: z
      .string({ error: 'must be a port' })
      .regex(/^\d{1,5}$/, 'must be a port')
      .transform(Number)
      .refine((port) => port < 65_536, 'must be a port'),
    HOST: text.default('127.0.0.1'),
    RPC_URL: url(/^https?$/),
    RPC_URL_2: url(/^https?$/).optional(),
    // 0: a chain that makes a block when there is something to put in it, as the local one does
    MAX_HEAD_AGE_SECONDS: count(0).default(60),
    CHAIN_ID: z
      .string({ error: 'must be a chain id' })
      .regex(/^[1-9]\d{0,14}$/, 'must be a chain id')
      .transform(Number),
    FACTORY_ADDRESS: z
      .string({ error: 'must be an address' })
      .refine((address) => isAddress(address), 'must be an address with a right checksum')
      .transform((address) => getAddress(address)),
    DATABASE_URL: url(/^postgres(ql)?$/).optional(),
    DATA_DIR: text.optional(),
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
    CORS_ORIGINS: commaList.refine(
      (origins) => origins.every(isOrigin),
      'must be a comma list of origins like https://coupons.example, without a path',
    ),
    TRUSTED_PROXIES: commaList.refine(
      areProxies,
      'must be a comma list of addresses and ranges like 10.0.0.0/8',
    ),
    MOST_REQUESTS_AT_ONCE: count(1).default(512),
    MOST_REQUESTS_PER_NETWORK_AND_MINUTE: count(1).default(6_000),
    MOST_CLAIMS_PER_HOLDER_AND_HOUR: count(1).default(120),
    DRAIN_SECONDS: count(0).default(2),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  })
  .superRefine((environment, context) => {
    const exactlyOne = ({
      of,
      or,
    }: {
      of: keyof typeof environment
      or: keyof typeof environment
    }) => {
      if ((environment[of] === undefined) === (environment[or] === undefined)) {
        context.addIssue({
          code: 'custom',
          path: [of],
          message: `or ${or} must be set, one of the two`,
        })
      }
    }
    exactlyOne({ of: 'ORACLE_KEY', or: 'ORACLE_KEYSTORE' })
    exactlyOne({ of: 'DATA_DIR', or: 'DATABASE_URL' })
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
  // Set but empty is how shells and compose files say "not set".
  const set = Object.entries(variables).filter(([, value]) => value !== undefined && value !== '')
  const read = environmentSchema.safeParse(Object.fromEntries(set))
  if (read.success) return read.data
  throw new EnvironmentError({
    problems: read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`),
  })
}

// Our credentials go there with every request.
function isSafeService(candidate: string): boolean {
  if (!isOrigin(candidate)) return false
  const { protocol, hostname } = new URL(candidate)
  return protocol === 'https:' || hostname === '127.0.0.1' || hostname === 'localhost'
}

function areProxies(list: readonly string[]): boolean {
  try {
    proxiesIn(list)
    return true
  } catch {
    return false
  }
}

function isOrigin(candidate: string): boolean {
  return URL.canParse(candidate) && new URL(candidate).origin === candidate
}
