import {
  createWalletClient,
  custom,
  type Hex,
  hexToBigInt,
  isHex,
  type LocalAccount,
  parseEther,
  toHex,
  type TypedDataDefinition,
} from 'viem'
import { DEMO_ORGANISER, type DemoAccountId, demoAttendee } from './demo-accounts.ts'
import type { Eip1193 } from './eip1193.ts'

/** A wallet for one demo account: anvil signs for the organiser, the page for a sample attendee. */
export function demoProvider({ rpcUrl, id }: { rpcUrl: string; id: DemoAccountId }): Eip1193 {
  const forward: Eip1193['request'] = ({ method, params }) => post({ rpcUrl, method, params })
  if (id === 'organiser') {
    return {
      request: async (call) => (asksForAccounts(call) ? [DEMO_ORGANISER] : await forward(call)),
    }
  }

  let attendee: Promise<LocalAccount> | undefined
  return {
    request: async (call) => {
      attendee ??= demoAttendee(id)
      const account = await attendee
      if (asksForAccounts(call)) return [account.address]
      if (call.method === 'eth_sendTransaction') return await send({ account, call, forward })
      if (call.method === 'eth_signTypedData_v4') {
        const [, typedData] = paramsOf(call)
        const parsed: unknown = typeof typedData === 'string' ? JSON.parse(typedData) : typedData
        if (!isTypedData(parsed)) throw new Error('This is no typed data to sign.')
        return await account.signTypedData(parsed)
      }
      if (call.method === 'personal_sign') {
        const [message] = paramsOf(call)
        return await account.signMessage({ message: { raw: isHex(message) ? message : '0x' } })
      }
      return await forward(call)
    },
  }
}

function isTypedData(value: unknown): value is TypedDataDefinition {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['domain', 'types', 'primaryType', 'message'].every((key) => Object.hasOwn(value, key))
  )
}

function asksForAccounts({ method }: { method: string }): boolean {
  return method === 'eth_accounts' || method === 'eth_requestAccounts'
}

function paramsOf({ params }: { params?: readonly unknown[] | object }): readonly unknown[] {
  return Array.isArray(params) ? params : []
}

async function send({
  account,
  call,
  forward,
}: {
  account: LocalAccount
  call: { params?: readonly unknown[] | object }
  forward: Eip1193['request']
}): Promise<Hex> {
  const [request] = paramsOf(call)
  const { to, data, value } = transactionOf(request)

  // A sample attendee owns no gas money; on the local chain it is given some.
  const balance = await forward({ method: 'eth_getBalance', params: [account.address, 'latest'] })
  if (isHex(balance) && hexToBigInt(balance) < parseEther('0.1')) {
    await forward({
      method: 'anvil_setBalance',
      params: [account.address, toHex(parseEther('1'))],
    })
  }
  const client = createWalletClient({ account, transport: custom({ request: forward }) })
  return await client.sendTransaction({ chain: null, account, to, data, value })
}

function transactionOf(request: unknown): { to?: Hex; data?: Hex; value?: bigint } {
  if (typeof request !== 'object' || request === null) return {}
  const field = (name: string): Hex | undefined => {
    const value: unknown = Reflect.get(request, name)
    return isHex(value) ? value : undefined
  }
  const value = field('value')
  return {
    ...(field('to') && { to: field('to') }),
    ...(field('data') && { data: field('data') }),
    ...(value && { value: hexToBigInt(value) }),
  }
}

let requests = 0

/** One JSON-RPC call; a refusal keeps its code and data, so that reverts can be explained. */
async function post({
  rpcUrl,
  method,
  params = [],
}: {
  rpcUrl: string
  method: string
  params?: readonly unknown[] | object | undefined
}): Promise<unknown> {
  const response = await fetch(rpcUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: ++requests, method, params }),
  })
  const answer: unknown = await response.json()
  if (typeof answer !== 'object' || answer === null) throw new Error('The chain gave no answer.')
  const refusal: unknown = Reflect.get(answer, 'error')
  if (typeof refusal === 'object' && refusal !== null) {
    const error = new Error(String(Reflect.get(refusal, 'message')))
    // ethers copies wallets' errors through JSON, which drops what is not enumerable.
    Object.defineProperty(error, 'message', { value: error.message, enumerable: true })
    const code: unknown = Reflect.get(refusal, 'code')
    const data: unknown = Reflect.get(refusal, 'data')
    throw Object.assign(error, { code, data })
  }
  return Reflect.get(answer, 'result')
}
