import { getAddress, isAddress } from 'viem'
import { z } from 'zod'
import { EnvironmentError } from './errors.ts'
import { proxiesIn } from './network.ts'

/** Some text. */
export const text = z.string().min(1)

/** An address of one of these protocols. */
export const url = (protocol: RegExp) => z.url({ protocol, error: 'must be a URL' })

/** A whole number. */
export const count = (least: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .refine((number) => number >= least, `must be ${least} or more`)

/** A list with commas; none where it is not set. */
export const commaList = z
  .string()
  .default('')
  .transform((list) => list.split(',').map((one) => one.trim()))
  .transform((ones) => ones.filter((one) => one !== ''))

/** What every service is told. */
export const serviceVariables = {
  PORT: z
    .string({ error: 'must be a port' })
    .regex(/^\d{1,5}$/, 'must be a port')
    .transform(Number)
    .refine((port) => port < 65_536, 'must be a port'),
  HOST: text.default('127.0.0.1'),
  RPC_URL: url(/^https?$/),
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
  CORS_ORIGINS: commaList.refine(
    (origins) => origins.every(isOrigin),
    'must be a comma list of origins like https://coupons.example, without a path',
  ),
  TRUSTED_PROXIES: commaList.refine(
    areProxies,
    'must be a comma list of addresses and ranges like 10.0.0.0/8',
  ),
  MOST_REQUESTS_AT_ONCE: count(1).default(512),
  DRAIN_SECONDS: count(0).default(2),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
}

/** What is wrong where not exactly one of two variables is set. */
export function unlessOne<name extends string>({
  environment,
  of,
  or,
}: {
  environment: { readonly [key in name]?: unknown }
  of: name
  or: name
}): { code: 'custom'; path: string[]; message: string }[] {
  if ((environment[of] === undefined) !== (environment[or] === undefined)) return []
  return [{ code: 'custom', path: [of], message: `or ${or} must be set, one of the two` }]
}

/** Reads the environment once. Names every variable that is wrong, and never its value. */
export function readVariables<schema extends z.ZodType>({
  schema,
  variables,
}: {
  schema: schema
  variables: Record<string, string | undefined>
}): z.infer<schema> {
  // Set but empty is how shells and compose files say "not set".
  const set = Object.entries(variables).filter(([, value]) => value !== undefined && value !== '')
  const read = schema.safeParse(Object.fromEntries(set))
  if (read.success) return read.data
  throw new EnvironmentError({
    problems: read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`),
  })
}

/** Whether a text is a page's origin, with nothing behind it. */
export function isOrigin(candidate: string): boolean {
  return URL.canParse(candidate) && new URL(candidate).origin === candidate
}

function areProxies(list: readonly string[]): boolean {
  try {
    proxiesIn(list)
    return true
  } catch {
    return false
  }
}
