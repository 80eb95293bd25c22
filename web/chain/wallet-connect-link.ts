import type { Address } from 'viem'
import { startWalletConnect } from './wallet-connect-client.ts'
import { PhoneWalletError } from './wallet-connect-errors.ts'
import {
  accountsOf,
  accountsToldIn,
  networkOf,
  type PhoneSession,
  walletLinkOf,
  walletNameOf,
  wantedNamespaces,
} from './wallet-connect-session.ts'
import type { WalletConnectSettings } from './wallet-connect-settings.ts'
import type { PhoneCode, PhoneQuestion } from './wallet-connect-state.ts'
import type { PhoneLinkStorage } from './wallet-connect-storage.ts'

// Loaded when a wallet on a phone is asked for, or was connected when this browser was here last: the library comes with it.

/** How long the relay may take. */
export const RELAY_MS = 30_000
const CODE_MS = 5 * 60_000 // the library's own time for a proposal
const ANSWER_SECONDS = 5 * 60 // the least that the library allows
const LEAVING_MS = 3_000
const LOOK_MS = 50

/** A line to the wallet on a phone. */
export type PhoneLink = Awaited<ReturnType<typeof openPhoneLink>>

/** Starts the library and finds the session that was there before; waits for no relay. */
export async function openPhoneLink({
  settings,
  chainId,
  origin,
  storage,
  relayMs = RELAY_MS,
  onChange,
  onGone,
  onQuestion,
}: {
  settings: WalletConnectSettings
  chainId: number
  /** Of this page, as wallets show it. */
  origin: string
  storage: PhoneLinkStorage
  relayMs?: number
  /** The wallet has other accounts, or another network. */
  onChange: () => void
  /** The session has ended, by the wallet or by time. */
  onGone: () => void
  onQuestion: (question: PhoneQuestion | undefined) => void
}) {
  const client = await startWalletConnect({ settings, origin, storage })
  const questions = new Set<(error: PhoneWalletError) => void>()
  let chosen: Address | undefined = await storage.getItem<Address>(CHOSEN)

  const session = (): PhoneSession | undefined =>
    client.session
      .getAll()
      .filter(({ expiry }) => expiry * 1000 > Date.now())
      .sort((one, other) => other.expiry - one.expiry)[0]
  const accounts = (): Address[] => {
    const now = session()
    if (now === undefined) return []
    const all = accountsOf({ session: now, chainId: networkOf({ session: now, wanted: chainId }) })
    const first = all.find((address) => address === chosen)
    return first === undefined ? all : [first, ...all.filter((address) => address !== first)]
  }
  const end = () => {
    for (const fail of questions) fail(new PhoneWalletError({ code: 'PHONE_WALLET_GONE' }))
    onGone()
  }
  client.on('session_delete', () => session() === undefined && end())
  client.on('session_expire', () => session() === undefined && end())
  client.on('session_update', onChange)
  client.on('session_event', ({ topic, params: { event } }) => {
    if (topic !== session()?.topic || event.name !== 'accountsChanged') return
    const [told] = accountsToldIn(event.data)
    if (told === undefined || !accounts().includes(told)) return // no account that it let this page see
    chosen = told
    void storage.setItem(CHOSEN, told)
    onChange()
  })

  /** Ends a session, here at once and in the wallet as soon as the relay lets it know. */
  const drop = async (topic: string) => {
    const told = client.disconnect({ topic, reason: LEFT }).catch(() => undefined)
    await Promise.race([told, after(LEAVING_MS)])
    if (client.session.keys.includes(topic)) await client.session.delete(topic, LEFT)
  }

  /** Once there is a line to the relay: the library opens it again by itself, and asking meanwhile would have it open two. */
  const online = async (unless: AbortSignal) => {
    const { relayer } = client.core
    while ((!relayer.connected || relayer.connecting) && !unless.aborted) await after(LOOK_MS)
  }

  return {
    accounts,
    network: () => {
      const now = session()
      return now === undefined ? undefined : networkOf({ session: now, wanted: chainId })
    },
    /** Makes a code, and waits until a wallet has read it and its person has said yes. */
    pair: async ({
      onCode,
      signal,
    }: {
      onCode: (code: PhoneCode) => void
      signal: AbortSignal
    }) => {
      const connecting = client.connect({ optionalNamespaces: wantedNamespaces(chainId) })
      const approved = connecting.then(({ approval }) => approval())
      // A yes that comes when nobody waits for it any more.
      const refuse = () => approved.then(({ topic }) => drop(topic)).catch(() => undefined)
      try {
        const stopped = stoppedBy(signal)
        const { uri } = await Promise.race([connecting, late({ ms: relayMs }), stopped])
        if (uri === undefined) throw new PhoneWalletError({ code: 'PHONE_RELAY_AWAY' })
        onCode({ uri, until: Date.now() + CODE_MS })
        const { topic } = await Promise.race([approved, stopped])
        await storage.removeItem(CHOSEN)
        chosen = undefined
        if (accounts().length === 0) {
          await drop(topic)
          throw new PhoneWalletError({ code: 'PHONE_NETWORK_MISSING' })
        }
      } catch (error) {
        void refuse()
        if (error instanceof PhoneWalletError || signal.aborted) throw error
        throw refusalIn(error) ?? new PhoneWalletError({ code: endOf(error) })
      }
    },
    /** Asks the wallet; answers what its person has it answer. */
    ask: async ({ method, params }: { method: string; params: unknown }): Promise<unknown> => {
      const now = session()
      if (now === undefined) throw new PhoneWalletError({ code: 'PHONE_WALLET_GONE' })
      if (networkOf({ session: now, wanted: chainId }) !== chainId) {
        throw new PhoneWalletError({ code: 'PHONE_NETWORK_MISSING' })
      }
      const left = Promise.withResolvers<never>()
      left.promise.catch(() => undefined)
      questions.add(left.reject)
      onQuestion({
        wallet: walletNameOf(now),
        link: walletLinkOf(now),
        leave: () => left.reject(new PhoneWalletError({ code: 'PHONE_WALLET_LEFT' })),
      })
      const request = { method, params }
      const sent = new AbortController()
      const hear = (told: { request: unknown }) => told.request === request && sent.abort()
      client.on('session_request_sent', hear)
      try {
        const isLate = late({ ms: relayMs, unless: sent.signal })
        await Promise.race([online(sent.signal), left.promise, isLate])
        const answer = client.request({
          topic: now.topic,
          chainId: `eip155:${chainId}`,
          request,
          expiry: ANSWER_SECONDS,
        })
        answer.catch(() => undefined)
        return await Promise.race([answer, left.promise, isLate])
      } catch (error) {
        if (error instanceof PhoneWalletError) throw error
        throw refusalIn(error) ?? answeredWith(error)
      } finally {
        sent.abort()
        client.off('session_request_sent', hear)
        questions.delete(left.reject)
        onQuestion(undefined)
      }
    },
    /** Lets go of the wallet. */
    leave: async () => {
      await storage.removeItem(CHOSEN)
      chosen = undefined
      for (const { topic } of client.session.getAll()) await drop(topic)
    },
    /** Ends the line itself, with what the library has running. */
    close: async () => {
      client.core.heartbeat.stop()
      await client.core.relayer.transportClose()
    },
  }
}

const CHOSEN = 'chosen'
const LEFT = { code: 6000, message: 'User disconnected.' } // the protocol's

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Fails when the relay has taken too long. */
function late({ ms, unless }: { ms: number; unless?: AbortSignal }): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => reject(new PhoneWalletError({ code: 'PHONE_RELAY_AWAY' })), ms)
    unless?.addEventListener('abort', () => clearTimeout(timer))
  })
}

/** Fails, as the platform's own waits do, when the person does not want to wait any more. */
function stoppedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new DOMException('Cancelled.', 'AbortError'))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop)
  })
}

/** The person's no, as every wallet says it (EIP-1193): this protocol has numbers of its own. */
function refusalIn(error: unknown): Error | undefined {
  const code: unknown = fieldOf(error, 'code')
  const isNo = code === 4001 || (typeof code === 'number' && code >= 5000 && code < 5004)
  return isNo ? Object.assign(new Error('The person declined.'), { code: 4001 }) : undefined
}

function endOf(error: unknown) {
  const isLate = /expired/i.test(String(fieldOf(error, 'message')))
  return isLate ? 'PHONE_CODE_ENDED' : 'PHONE_RELAY_AWAY'
}

/** What the wallet answered instead of what it was asked for. */
function answeredWith(error: unknown): Error {
  const message = String(fieldOf(error, 'message'))
  if (fieldOf(error, 'code') === LEFT.code)
    return new PhoneWalletError({ code: 'PHONE_WALLET_GONE' })
  if (/expired/i.test(message)) return new PhoneWalletError({ code: 'PHONE_WALLET_SILENT' })
  if (/failed to publish|no internet/i.test(message)) {
    return new PhoneWalletError({ code: 'PHONE_RELAY_AWAY' })
  }
  return Object.assign(new Error(message), {
    code: fieldOf(error, 'code'),
    data: fieldOf(error, 'data'),
  })
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
