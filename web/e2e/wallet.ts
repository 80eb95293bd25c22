import { setTimeout } from 'node:timers/promises'
import type { BrowserContext } from 'playwright-core'
import { type Hex, hexToBigInt, isHex, numberToHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { askChain, RefusedError } from '../../scripts/local-chain.ts'

/** What the person behind a wallet is asked, each time a window of the wallet opens. */
export type Prompt = 'connect' | 'sign' | 'send' | 'switch'

/** A wallet as the walk holds it: it counts what it asks, and answers as it is told. */
export type Wallet = {
  address: Hex
  prompts: Prompt[]
  /** What the person does with the next questions, in order; after that every one is approved. */
  answers: ('approve' | 'reject' | 'wait')[]
  /** The network that the wallet is on. */
  chainId: number
  /** Once its window with this question has opened. */
  hasAsked: (prompt: Prompt) => Promise<void>
  /** Changes the account behind the wallet's back, as people do in its own window. */
  become: (key: Hex) => Promise<void>
  /** Moves the wallet to another network, in its own window. */
  moveTo: (chainId: number) => Promise<void>
  /** It does not tell the page what changes, as some do not. */
  isMute: boolean
  isLocked: boolean
  /** What happens when its person has said yes to a question, before it is answered. */
  onYes: (prompt: Prompt) => void | Promise<void>
}

/** How a wallet differs from the one that every walk has. */
export type WalletKind = {
  name?: string
  /** The account is this contract, and the key its owner's. */
  contract?: Hex
  /** It is there only so many milliseconds after the page. */
  lateBy?: number
  /** It announces itself to nobody: it sits in `window.ethereum`. */
  isNameless?: boolean
}

type Call = { method: string; params?: unknown }
type Answer = { result: unknown } | { error: { code: number; message: string; data?: unknown } }

const REJECTED = { code: 4001, message: 'The person said no.' }
const NAME = 'Walk wallet'
const LONGEST_WAIT_MS = 15_000

/** Puts an injected wallet (EIP-1193, announced by EIP-6963) into every page; its keys stay in Node. */
export async function injectWallet({
  context,
  key,
  rpcUrl,
  chainId,
  kind: { name = NAME, contract, lateBy = 0, isNameless = false } = {},
}: {
  context: BrowserContext
  key: Hex
  rpcUrl: string
  chainId: number
  kind?: WalletKind
}): Promise<Wallet> {
  const id = name.replace(/\W/g, '')
  let account = privateKeyToAccount(key)
  let isConnected = false
  const shown = () => contract ?? account.address
  const tell = async (event: string, detail: unknown) => {
    if (wallet.isMute) return
    const told = context
      .pages()
      .map((page) =>
        page.evaluate(tellPage, { event: `${id}:${event}`, detail }).catch(() => undefined),
      )
    await Promise.all(told)
  }
  const wallet: Wallet = {
    address: shown(),
    prompts: [],
    answers: [],
    chainId,
    isMute: false,
    isLocked: false,
    onYes: () => undefined,
    hasAsked: async (prompt) => {
      const deadline = Date.now() + LONGEST_WAIT_MS
      while (!wallet.prompts.includes(prompt)) {
        if (Date.now() > deadline) throw new Error(`The wallet was never asked to ${prompt}.`)
        await setTimeout(20)
      }
    },
    become: async (other) => {
      account = privateKeyToAccount(other)
      wallet.address = shown()
      await tell('accountsChanged', [shown()])
    },
    moveTo: async (other) => {
      wallet.chainId = other
      await tell('chainChanged', numberToHex(other))
    },
  }
  const ask = async (prompt: Prompt) => {
    wallet.prompts.push(prompt)
    const answer = wallet.answers.shift() ?? 'approve'
    if (answer === 'reject') throw new RefusedError(REJECTED)
    if (answer === 'wait') await new Promise(() => undefined)
    await wallet.onYes(prompt)
  }

  const methods: Record<string, (params: readonly unknown[]) => unknown> = {
    eth_chainId: () => numberToHex(wallet.chainId),
    eth_accounts: () => (isConnected && !wallet.isLocked ? [shown()] : []),
    eth_requestAccounts: async () => {
      if (!isConnected) await ask('connect')
      isConnected = true
      return [shown()]
    },
    wallet_switchEthereumChain: async ([wanted]) => {
      await ask('switch')
      await wallet.moveTo(Number((wanted as { chainId: Hex }).chainId))
      return null
    },
    eth_signTypedData_v4: async ([, typedData]) => {
      const signer = account
      await ask('sign')
      return signer.signTypedData(JSON.parse(String(typedData)))
    },
    personal_sign: async ([message]) => {
      await ask('sign')
      return account.signMessage({ message: { raw: message as Hex } })
    },
    eth_sendTransaction: async ([wanted]) => {
      await ask('send')
      const raw = await sign({ transaction: wanted as Transaction, account, rpcUrl, chainId })
      return askChain({ rpcUrl, method: 'eth_sendRawTransaction', params: [raw] })
    },
  }
  const answer = async ({ method, params }: Call): Promise<Answer> => {
    const list: unknown[] = Array.isArray(params) ? params : []
    try {
      const own = methods[method]
      return { result: await (own ? own(list) : askChain({ rpcUrl, method, params: list })) }
    } catch (error) {
      if (error instanceof RefusedError) return { error: error.refusal }
      return { error: { code: -32603, message: String(error) } }
    }
  }
  await context.exposeBinding(id, (_, call: Call) => answer(call))
  await context.addInitScript(announce, { id, name, lateBy, isNameless })
  return wallet
}

/** What the wallet is called in the list of wallets. */
export const walletName = NAME

type Transaction = { to?: Hex; data?: Hex; value?: Hex; gas?: Hex }

async function sign({
  transaction: { to, data, value, gas },
  account,
  rpcUrl,
  chainId,
}: {
  transaction: Transaction
  account: ReturnType<typeof privateKeyToAccount>
  rpcUrl: string
  chainId: number
}): Promise<Hex> {
  const quantity = async ({ method, params }: { method: string; params: unknown[] }) => {
    const answer = await askChain({ rpcUrl, method, params })
    return isHex(answer) ? hexToBigInt(answer) : 0n
  }
  const from = account.address
  const [nonce, gasPrice, estimate] = await Promise.all([
    quantity({ method: 'eth_getTransactionCount', params: [from, 'pending'] }),
    quantity({ method: 'eth_gasPrice', params: [] }),
    gas === undefined
      ? quantity({ method: 'eth_estimateGas', params: [{ from, to, data, value }] })
      : hexToBigInt(gas),
  ])
  return account.signTransaction({
    type: 'eip1559',
    chainId,
    nonce: Number(nonce),
    gas: estimate,
    maxFeePerGas: 2n * gasPrice + 1_000_000_000n,
    maxPriorityFeePerGas: 1_000_000_000n,
    to,
    data,
    value: value === undefined ? 0n : hexToBigInt(value),
  })
}

/** Runs in the page. */
function tellPage({ event, detail }: { event: string; detail: unknown }): void {
  window.dispatchEvent(new CustomEvent(event, { detail }))
}

/** Runs in the page before its own scripts: a provider that passes every request on to Node. */
function announce({
  id,
  name,
  lateBy,
  isNameless,
}: {
  id: string
  name: string
  lateBy: number
  isNameless: boolean
}): void {
  const pass = (call: Call): Promise<Answer> => Reflect.get(window, id)(call)
  const listeners = new Map<unknown, EventListener>()
  const provider = {
    async request(call: Call) {
      const answer = await pass({ method: call.method, params: call.params })
      if ('result' in answer) return answer.result
      throw Object.assign(new Error(answer.error.message), answer.error)
    },
    on(event: string, listener: (detail: unknown) => void) {
      const heard = (told: Event) => listener((told as CustomEvent).detail)
      listeners.set(listener, heard)
      window.addEventListener(`${id}:${event}`, heard)
      return provider
    },
    removeListener(event: string, listener: (detail: unknown) => void) {
      const heard = listeners.get(listener)
      if (heard) window.removeEventListener(`${id}:${event}`, heard)
      return provider
    },
  }
  const icon = 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>'
  const info = { uuid: crypto.randomUUID(), name, icon, rdns: `example.${id}` }
  const detail = Object.freeze({ info, provider })
  const show = () => {
    window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }))
  }
  const appear = () => {
    if (isNameless) {
      Reflect.set(window, 'ethereum', provider)
      return
    }
    window.addEventListener('eip6963:requestProvider', show)
    show()
  }
  if (lateBy === 0) appear()
  else window.setTimeout(appear, lateBy)
}
