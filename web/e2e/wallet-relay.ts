import { createPublicKey, randomBytes, verify } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'

// WalletConnect's relay as its specification describes it, on this machine, with what can go wrong: clients' own tokens, topics,
// a mailbox whose messages live for as long as their sender says, and every message again until its reader has taken it. It can
// read nothing of what it carries, and `told` keeps what it learns all the same.

/** The project id that the rehearsal knows. */
export const PROJECT_ID = 'c0ffee00c0ffee00c0ffee00c0ffee00'

/** What a relay is told beside the sealed message. */
export type Told = { method: string; fields: string[]; values: string }

/** A running rehearsal of the relay. */
export type WalletRelay = Awaited<ReturnType<typeof startWalletRelay>>

type Message = {
  topic: string
  message: string
  tag: number
  publishedAt: number
  endsAt: number
  from: string
  taken: Set<string>
}
type Reader = { client: string; socket: WebSocket; topics: Map<string, string> }
type Params = Readonly<Record<string, unknown>>

const PING_MS = 10_000 // clients in Node take a line for dead that is silent for 35 seconds

/** Starts it on any free port of this machine. */
export async function startWalletRelay() {
  let messages: Message[] = []
  const readers = new Set<Reader>()
  const told: Told[] = []
  const refused: string[] = []
  let lateBy = 0
  let port = 0
  let server = listen()

  function listen() {
    const sockets = new WebSocketServer({ noServer: true })
    const http = createServer((_, response) => response.writeHead(426).end())
    http.on('upgrade', (request, socket, head) => {
      const client = clientOf(request)
      if (client === undefined) {
        refused.push(request.url ?? '')
        socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n')
        return
      }
      sockets.handleUpgrade(request, socket, head, (opened) => take(client, opened))
    })
    http.listen(port, '127.0.0.1')
    return { http, sockets }
  }

  function take(client: string, socket: WebSocket) {
    const reader: Reader = { client, socket, topics: new Map() }
    readers.add(reader)
    const pings = setInterval(() => socket.ping(), PING_MS)
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      clearInterval(pings)
      readers.delete(reader)
    })
    socket.on('message', (data: Buffer) => {
      const text = data.toString('utf8')
      if (lateBy === 0) hear(reader, text)
      else setTimeout(() => hear(reader, text), lateBy)
    })
  }

  function hear(reader: Reader, text: string) {
    const { id, method, params = {} } = JSON.parse(text) as Params & { params?: Params }
    if (typeof method !== 'string') return acknowledge(reader, String(id))
    const fields = Object.keys(params).sort()
    const sealed = /message|sessionProposal|sessionSettlement/i
    const open = Object.entries(params).filter(([name]) => !sealed.test(name))
    told.push({ method, fields, values: JSON.stringify(Object.fromEntries(open)) })
    const result = answer(reader, method, params)
    const outcome =
      result === undefined ? { error: { code: -32601, message: 'Unknown' } } : { result }
    send(reader, { id, jsonrpc: '2.0', ...outcome })
    // What is waiting comes after the answer, as over the real line.
    for (const topic of topicsIn(params)) {
      if (reader.topics.has(topic)) deliverAll(reader, topic)
    }
  }

  function answer(reader: Reader, method: string, params: Params): unknown {
    const text = (name: string) => String(params[name])
    const publish = (topic: string, message: string, tag: number) =>
      keep({ reader, topic, message, tag, ttl: Number(params.ttl) })
    switch (method) {
      case 'irn_publish':
        return publish(text('topic'), text('message'), Number(params.tag))
      case 'wc_proposeSession':
        subscribe(reader, text('pairingTopic'))
        return publish(text('pairingTopic'), text('sessionProposal'), 1100)
      case 'wc_approveSession':
        subscribe(reader, text('sessionTopic'))
        publish(text('pairingTopic'), text('sessionProposalResponse'), 1101)
        return publish(text('sessionTopic'), text('sessionSettlementRequest'), 1102)
      case 'irn_subscribe':
        return subscribe(reader, text('topic'))
      case 'irn_batchSubscribe':
        return topicsIn(params).map((topic) => subscribe(reader, topic))
      case 'irn_unsubscribe':
        return reader.topics.delete(text('topic'))
      case 'irn_fetchMessages':
      case 'irn_batchFetchMessages':
        return {
          hasMore: false,
          messages: topicsIn(params).flatMap((topic) => waiting(reader, topic)),
        }
      default:
        return undefined
    }
  }

  function keep({ reader, topic, message, tag, ttl }: PublishedBy) {
    const publishedAt = Date.now()
    const endsAt = publishedAt + ttl * 1000
    messages.push({
      topic,
      message,
      tag,
      publishedAt,
      endsAt,
      from: reader.client,
      taken: new Set(),
    })
    for (const other of readers) {
      if (other.topics.has(topic)) deliverAll(other, topic)
    }
    return true
  }

  function subscribe(reader: Reader, topic: string) {
    const id = reader.topics.get(topic) ?? randomBytes(32).toString('hex')
    reader.topics.set(topic, id)
    return id
  }

  function waiting(reader: Reader, topic: string): Message[] {
    messages = messages.filter(({ endsAt }) => endsAt > Date.now())
    return messages.filter(
      (message) =>
        message.topic === topic &&
        message.from !== reader.client &&
        !message.taken.has(reader.client),
    )
  }

  const sent = new Map<string, Message>()
  function deliverAll(reader: Reader, topic: string) {
    for (const message of waiting(reader, topic)) {
      const id = Number(`${Date.now()}${String(sent.size % 1000).padStart(3, '0')}`)
      sent.set(String(id), message)
      const { publishedAt, tag } = message
      const data = { topic, message: message.message, publishedAt, tag }
      const params = { id: reader.topics.get(topic), data }
      send(reader, { id, jsonrpc: '2.0', method: 'irn_subscription', params })
    }
  }

  function acknowledge(reader: Reader, id: string) {
    sent.get(id)?.taken.add(reader.client)
  }

  function send({ socket }: Reader, payload: object) {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(payload))
  }

  const drop = () => {
    for (const { socket } of readers) socket.terminate()
  }
  const leave = async () => {
    drop()
    server.http.closeAllConnections()
    await new Promise((resolve) => server.http.close(resolve))
  }
  await new Promise((resolve) => server.http.once('listening', resolve))
  port = (server.http.address() as AddressInfo).port

  return {
    url: `ws://127.0.0.1:${port}`,
    told,
    refused,
    /** Every answer, and every message, comes so much later. */
    beLate: (milliseconds: number) => {
      lateBy = milliseconds
    },
    /** Cuts every line; clients may come back at once. */
    drop,
    /** Is gone, with its port shut. */
    leave,
    /** Is there again, with what it kept. */
    comeBack: async () => {
      server = listen()
      await new Promise((resolve) => server.http.once('listening', resolve))
    },
    close: leave,
  }
}

type PublishedBy = { reader: Reader; topic: string; message: string; tag: number; ttl: number }

function topicsIn({ topic, topics, pairingTopic, sessionTopic }: Params): string[] {
  const all = Array.isArray(topics) ? topics : [topic, pairingTopic, sessionTopic]
  return all.filter((item): item is string => typeof item === 'string')
}

/** Who comes, by the token that it signed itself (did:key, EdDSA) for our project; undefined where the real one lets nobody in. */
function clientOf({ url = '/', headers }: IncomingMessage): string | undefined {
  const query = new URL(url, `http://${headers.host ?? 'relay'}`).searchParams
  const [head = '', body = '', signature = ''] = (query.get('auth') ?? '').split('.')
  if (query.get('projectId') !== PROJECT_ID || signature === '') return undefined
  const { alg } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { alg: string }
  const token = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>
  const client = String(token.iss)
  const isNow = Number(token.exp) > Date.now() / 1000 && Number(token.iat) <= Date.now() / 1000 + 60
  const isForUs = typeof token.aud === 'string' && token.aud.startsWith('ws://127.0.0.1:')
  const bytes = bytesOfDid(client)
  if (alg !== 'EdDSA' || !isNow || !isForUs || bytes === undefined) return undefined
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') },
    format: 'jwk',
  })
  const isSigned = verify(
    undefined,
    Buffer.from(`${head}.${body}`),
    key,
    Buffer.from(signature, 'base64url'),
  )
  return isSigned ? client : undefined
}

/** The Ed25519 key that a did:key names: base58btc after a `z`, with the key's kind in the two bytes before it. */
function bytesOfDid(did: string): Buffer | undefined {
  const text = /^did:key:z([1-9A-HJ-NP-Za-km-z]{40,60})$/.exec(did)?.[1]
  if (text === undefined) return undefined
  const digits = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
  const number = Array.from(text).reduce(
    (sum, letter) => sum * 58n + BigInt(digits.indexOf(letter)),
    0n,
  )
  const bytes = Buffer.from(number.toString(16).padStart(68, '0'), 'hex')
  return bytes.length === 34 && bytes.readUInt16BE() === 0xed01 ? bytes.subarray(2) : undefined
}
