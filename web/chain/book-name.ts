import type { Address } from 'viem'
import type { AppConfig } from './parse-config.ts'

/** How the factory's event is called in its logs. */
export const BOOK_CREATED = '0xdd1d1ce24f6b921a22afd9f7d77847b7dfaf8c19f506b806943c7bbfaa766948'

const WORD = 64 // digits

/**
 * The name of a book, read from the factory's event by hand: who has only come to look waits for none of the code that reads the
 * rest. Undefined for anything but one plain answer; `bookQuery` then says what is wrong.
 */
export async function bookNameOf({
  config: { rpcUrl, factory, factoryBlock },
  book,
  fetch,
}: {
  config: Pick<AppConfig, 'rpcUrl' | 'factory' | 'factoryBlock'>
  book: Address
  fetch: (url: string, init?: RequestInit) => Promise<Response>
}): Promise<string | undefined> {
  const topics = [BOOK_CREATED, `0x${book.slice(2).toLowerCase().padStart(WORD, '0')}`]
  const fromBlock = `0x${factoryBlock.toString(16)}`
  const params = [{ address: factory, topics, fromBlock, toBlock: 'latest' }]
  try {
    const response = await fetch(rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getLogs', params }),
    })
    return nameIn(await response.json())
  } catch {
    return undefined // not reached, or no text
  }
}

/** The only string in the only log, where there is just that. */
function nameIn(answer: unknown): string | undefined {
  const result = fieldOf(answer, 'result')
  if (!Array.isArray(result) || result.length !== 1) return undefined
  const data = fieldOf(result[0], 'data')
  if (typeof data !== 'string' || !/^0x[0-9a-f]*$/i.test(data)) return undefined
  const digits = data.slice(2)
  const [offset, length] = [0, 1].map((word) =>
    Number(`0x${digits.slice(word * WORD, (word + 1) * WORD)}`),
  )
  if (offset !== WORD / 2 || length === undefined || digits.length < 2 * WORD + 2 * length)
    return undefined
  const text = digits.slice(2 * WORD, 2 * WORD + 2 * length)
  const bytes = Uint8Array.from(text.match(/../g) ?? [], (byte) => parseInt(byte, 16))
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
