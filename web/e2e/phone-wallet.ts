import { setTimeout } from 'node:timers/promises'
import { SignClient } from '@walletconnect/sign-client'
import { createWalletClient, type Hex, http, type TypedDataDefinition } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { keepToOneLine } from '../chain/wallet-connect-client.ts'
import { phoneLinkStorage } from '../chain/wallet-connect-storage.ts'
import { PROJECT_ID } from './wallet-relay.ts'

/** What the person behind a wallet on a phone is asked. */
export type PhonePrompt = 'connect' | 'sign' | 'send'

/** A wallet on a phone of its own, as a walk holds it. */
export type PhoneWallet = Awaited<ReturnType<typeof startPhoneWallet>>

const NO = { code: 5000, message: 'User rejected.' } // as wallets on phones say it
const LONGEST_WAIT_MS = 30_000

/** Starts a wallet in Node that speaks to the relay as those on phones do, by the library that they use; its keys stay here. */
export async function startPhoneWallet({
  relayUrl,
  keys,
  rpcUrl,
  chainIds,
  redirect = { native: 'walkwallet://' },
}: {
  relayUrl: string
  /** Of its accounts; the first one is chosen. */
  keys: readonly Hex[]
  rpcUrl: string
  /** The networks that it allows. */
  chainIds: readonly number[]
  redirect?: { native?: string; universal?: string }
}) {
  const url = 'https://wallet.example'
  const client = await SignClient.init({
    projectId: PROJECT_ID,
    relayUrl,
    logger: 'silent',
    telemetryEnabled: false,
    customStoragePrefix: crypto.randomUUID(), // two in one process would be taken for one
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- an abstract class with nothing of its own
    storage: phoneLinkStorage(() => {
      throw new Error('Kept in memory.')
    }),
    metadata: { name: 'Phone wallet', description: 'Walks.', url, icons: [], redirect },
  })
  keepToOneLine(client)
  const accounts = keys.map((key) => privateKeyToAccount(key))
  const caip = (chosen: readonly { address: Hex }[]) =>
    chainIds.flatMap((id) => chosen.map(({ address }) => `eip155:${id}:${address}`))
  const namespacesOf = (chosen: readonly { address: Hex }[]) => ({
    eip155: {
      accounts: caip(chosen),
      methods: ['eth_sendTransaction', 'eth_signTypedData_v4'],
      events: ['accountsChanged', 'chainChanged'],
    },
  })
  let wait = Promise.withResolvers<undefined>()
  const wallet = {
    address: accounts[0]!.address,
    prompts: [] as PhonePrompt[],
    /** What its person does with the next questions; after that every one is approved. */
    answers: [] as ('approve' | 'reject' | 'wait')[],
    /** Reads the code that a page shows. */
    pair: async (uri: string) => {
      await client.core.pairing.pair({ uri })
    },
    hasAsked: async (prompt: PhonePrompt) => {
      const deadline = Date.now() + LONGEST_WAIT_MS
      while (!wallet.prompts.includes(prompt)) {
        if (Date.now() > deadline) throw new Error(`The wallet was never asked to ${prompt}.`)
        await setTimeout(20)
      }
    },
    accounts: () => accounts.map(({ address }) => address),
    /** Goes on with what waited. */
    goOn: () => {
      wait.resolve(undefined)
      wait = Promise.withResolvers<undefined>()
    },
    sessions: () => client.session.getAll(),
    /** Ends every session, as its person does in the wallet's own window. */
    forget: async () => {
      for (const { topic } of client.session.getAll()) {
        await client.disconnect({ topic, reason: { code: 6000, message: 'User disconnected.' } })
      }
    },
    /** Chooses another of its accounts. */
    become: async (number: number) => {
      const chosen = [accounts[number]!, ...accounts.filter((_, index) => index !== number)]
      for (const { topic } of client.session.getAll()) {
        const { acknowledged } = await client.update({ topic, namespaces: namespacesOf(chosen) })
        await acknowledged()
      }
      await wallet.tell([chosen[0]!.address])
    },
    /** Tells which accounts are chosen. */
    tell: async (data: readonly string[]) => {
      const event = { name: 'accountsChanged', data }
      for (const { topic } of client.session.getAll()) {
        await client.emit({ topic, event, chainId: `eip155:${chainIds[0]}` })
      }
    },
    close: async () => {
      client.core.heartbeat.stop()
      await client.core.relayer.transportClose()
    },
  }
  const asks = async (prompt: PhonePrompt): Promise<boolean> => {
    wallet.prompts.push(prompt)
    const answer = wallet.answers.shift() ?? 'approve'
    if (answer === 'wait') await wait.promise
    return answer !== 'reject'
  }

  client.on('session_proposal', ({ id }) => {
    void asks('connect').then(async (isYes) => {
      if (isYes) await client.approve({ id, namespaces: namespacesOf(accounts) })
      else await client.reject({ id, reason: NO })
    })
  })
  client.on('session_request', ({ id, topic, params: { request } }) => {
    const answer = async () => {
      const { method, params } = request as { method: string; params: unknown[] }
      const isYes = await asks(method === 'eth_sendTransaction' ? 'send' : 'sign')
      if (!isYes) return { id, jsonrpc: '2.0' as const, error: NO }
      return { id, jsonrpc: '2.0' as const, result: await obey({ method, params }) }
    }
    void answer().then((response) => client.respond({ topic, response }))
  })
  const obey = async ({ method, params }: { method: string; params: unknown[] }): Promise<Hex> => {
    const from = String(method === 'eth_sendTransaction' ? fieldOf(params[0], 'from') : params[0])
    const account = accounts.find(({ address }) => address.toLowerCase() === from.toLowerCase())
    if (account === undefined) throw new Error(`The wallet has no account ${from}.`)
    if (method === 'eth_signTypedData_v4') {
      return account.signTypedData(JSON.parse(String(params[1])) as TypedDataDefinition)
    }
    const sender = createWalletClient({ account, transport: http(rpcUrl) })
    const [to, data, gas] = ['to', 'data', 'gas'].map((name) => fieldOf(params[0], name) as Hex)
    return sender.sendTransaction({ chain: null, to, data, gas: BigInt(gas ?? '0x0') || undefined })
  }
  return wallet
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
