import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { couponBookAbi, couponBookFactoryAbi } from '@coupon-secure/protocol/abi'
import { decodeFunctionData, encodeFunctionResult, isHex, zeroHash, type Hex } from 'viem'
import { z } from 'zod'

// A node that tests can make lie, age and break; nothing of the service uses it.

const BORN_AT = Math.floor(Date.now() / 1000)
const callSchema = z.object({
  id: z.number(),
  method: z.string(),
  params: z.array(z.unknown()).default([]),
})
const transactionSchema = z.object({ data: z.custom<Hex>(isHex) })
type Call = z.infer<typeof callSchema>
const abi = [...couponBookAbi, ...couponBookFactoryAbi] as const

/** What the node says now, and how it says it. */
export type NodeSays = {
  chainId: number
  head: number
  /** Unix seconds of the newest block. */
  timestamp: number
  /** What tells this history from another. */
  history: string
  code: Hex
  status: number
  isBook: boolean
  geofenceHash: Hex
  /** Answers with this text instead, or never. */
  broken: 'hangs' | { text: string; type?: string; status?: number } | undefined
}

/** Starts such a node at a port of its own. */
export async function startNode(first: Partial<NodeSays> = {}) {
  const says: NodeSays = {
    chainId: 31337,
    head: 100,
    timestamp: Math.floor(Date.now() / 1000),
    history: '07',
    code: '0x6001',
    status: 1,
    isBook: true,
    geofenceHash: zeroHash,
    broken: undefined,
    ...first,
  }
  const usual = { ...says }
  const server = createServer((request, response) => {
    void answer(
      request.toArray().then((chunks) => Buffer.concat(chunks).toString()),
      response,
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no node')

  return {
    rpcUrl: `http://127.0.0.1:${address.port}`,
    says,
    reset: () => Object.assign(says, usual, { timestamp: Math.floor(Date.now() / 1000) }),
    end: () => {
      server.closeAllConnections()
      server.close()
    },
  }

  async function answer(body: Promise<string>, response: ServerResponse) {
    const asked: unknown = JSON.parse(await body)
    const { broken } = says
    if (broken === 'hangs') return
    if (broken) {
      response.writeHead(broken.status ?? 200, {
        'content-type': broken.type ?? 'application/json',
      })
      response.end(broken.text)
      return
    }
    response.writeHead(200, { 'content-type': 'application/json' })
    const replies = [asked].flat().map((one) => replyTo(callSchema.parse(one)))
    response.end(JSON.stringify(Array.isArray(asked) ? replies : replies[0]))
  }

  function replyTo({ id, ...call }: Call) {
    return { jsonrpc: '2.0', id, result: resultOf(call) }
  }

  function resultOf({ method, params }: Omit<Call, 'id'>): unknown {
    switch (method) {
      case 'eth_chainId':
        return hex(says.chainId)
      case 'eth_getCode':
        return says.code
      case 'eth_getBlockByNumber': {
        const number = params[0] === 'latest' ? says.head : Number(params[0])
        if (number > says.head) return null
        const age = says.head - number
        const hash = `0x${says.history.repeat(28)}${number.toString(16).padStart(8, '0')}`
        return { number: hex(number), hash, timestamp: hex(says.timestamp - 2 * age) }
      }
      case 'eth_call':
        return resultOfCall(transactionSchema.parse(params[0]).data)
      default:
        throw new Error(`the oracle has no business asking ${method}`)
    }
  }

  function resultOfCall(data: Hex): Hex {
    const { functionName } = decodeFunctionData({ abi, data })
    switch (functionName) {
      case 'isBook':
        return encodeFunctionResult({ abi, functionName, result: says.isBook })
      case 'statusOf':
        return encodeFunctionResult({ abi, functionName, result: says.status })
      case 'pausedAt':
        return encodeFunctionResult({ abi, functionName, result: 0n })
      case 'campaign':
        return encodeFunctionResult({ abi, functionName, result: campaign() })
      default:
        throw new Error(`the oracle has no business calling ${functionName}`)
    }
  }

  function campaign() {
    const opensAt = BigInt(BORN_AT - 600)
    const { geofenceHash } = says
    const closesAt = opensAt + 86_400n
    const rest = { heldUntil: 0n, grace: 0n, supply: 1_000n, sites: 1, requiredWitnesses: 1 }
    return { opensAt, closesAt, ...rest, geofenceHash }
  }
}

function hex(number: number): Hex {
  return `0x${number.toString(16)}`
}
