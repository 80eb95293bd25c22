import { sentenceFor } from '@coupon-secure/protocol/wire'
import { errorSentenceFor } from '@coupon-secure/protocol/wire-errors'
import { entriesAnswerSchema, logHeadAnswerSchema } from '@coupon-secure/protocol/wire-log'
import { type Readiness, readinessSchema } from '@coupon-secure/protocol/wire-readiness'
import { queryOptions } from '@tanstack/react-query'
import type { AppConfig } from '../../../chain/parse-config.ts'

/** How often the oracle gave one reason for its no, for all books that it serves, since it was started. */
export type Reason = { code: string; sentence: string; count: number }

/** What the oracle's public log says of the last quarter of an hour: how often yes, how often no; and when it last said no. */
export type Answers = { yes: number; no: number; lastNoAt: number | undefined }

/** What the oracle tells of itself; undefined is what it does not tell. */
export type OracleHealth = {
  readiness: Readiness | undefined
  answers: Answers | undefined
  reasons: Reason[] | undefined
}

type Asked = { oracleUrl: string; fetch: typeof globalThis.fetch }

const PATIENCE_MS = 5_000
const RECENT_SECONDS = 15 * 60
const MOST_ENTRIES = 1_000
const METRIC = /^oracle_answers_total\{([^}]*)\} (\d+)$/
const NO_REFUSALS = new Set(['GRANTED', 'OK'])

/** What the configured oracle tells of itself, asked every few seconds. */
export function oracleHealthQuery({ oracleUrl }: Pick<AppConfig, 'oracleUrl'>) {
  return queryOptions({
    queryKey: ['oracle', oracleUrl, 'health'],
    queryFn: () => askHealth({ oracleUrl, now: Math.floor(Date.now() / 1000) }),
    refetchInterval: 5_000,
  })
}

/** Asks for readiness, the log's end and the reasons: each may be kept from the public, and then it is undefined. */
export async function askHealth({
  oracleUrl,
  now,
  fetch = globalThis.fetch,
}: {
  oracleUrl: string
  /** Unix seconds. */
  now: number
  fetch?: typeof globalThis.fetch
}): Promise<OracleHealth> {
  const asked = { oracleUrl, fetch }
  const [readiness, answers, reasons] = await Promise.all([
    orUndefined(askReadiness(asked)),
    orUndefined(askAnswers({ ...asked, now })),
    orUndefined(askReasons(asked)),
  ])
  return { readiness, answers, reasons }
}

/** The reasons in the oracle's own counters, most frequent first. */
export function reasonsIn(metrics: string): Reason[] {
  const counts = new Map<string, number>()
  for (const line of metrics.split('\n')) {
    const [, labels = '', count = '0'] = METRIC.exec(line) ?? []
    const label = (name: string) => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? ''
    const code = label('code')
    if (label('route') !== '/v1/presence' || NO_REFUSALS.has(code)) continue
    counts.set(code, (counts.get(code) ?? 0) + Number(count))
  }
  return [...counts]
    .map(([code, count]) => ({ code, sentence: sentenceOf(code), count }))
    .sort((a, b) => b.count - a.count)
}

async function askReadiness(asked: Asked): Promise<Readiness> {
  const response = await get({ ...asked, path: '/readyz' })
  return readinessSchema.parse(await response.json()) // also with 503, which says what fails
}

async function askAnswers({ now, ...asked }: Asked & { now: number }): Promise<Answers> {
  const head = await get({ ...asked, path: '/v1/log' })
  const { size } = logHeadAnswerSchema.parse(await head.json())
  const from = Math.max(0, size - MOST_ENTRIES)
  const answer = await get({ ...asked, path: `/v1/log/entries?from=${from}&to=${size}` })
  const { entries } = entriesAnswerSchema.parse(await answer.json())
  const recent = entries.filter(({ loggedAt }) => loggedAt > now - RECENT_SECONDS)
  return {
    yes: recent.filter(({ kind }) => kind === 'statement').length,
    no: recent.filter(({ kind }) => kind === 'refusal').length,
    lastNoAt: entries.findLast(({ kind }) => kind === 'refusal')?.loggedAt,
  }
}

async function askReasons(asked: Asked): Promise<Reason[] | undefined> {
  const response = await get({ ...asked, path: '/metrics' })
  return response.ok ? reasonsIn(await response.text()) : undefined
}

function get({ oracleUrl, fetch, path }: Asked & { path: string }): Promise<Response> {
  return fetch(`${oracleUrl}${path}`, { signal: AbortSignal.timeout(PATIENCE_MS) })
}

// Whether the oracle lives is asked elsewhere; here, what does not come is not told.
function orUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  return promise.catch(() => undefined)
}

const SENTENCES = new Map<string, string>(Object.entries({ ...errorSentenceFor, ...sentenceFor }))

function sentenceOf(code: string): string {
  return SENTENCES.get(code) ?? 'A reason that this page does not know.'
}
