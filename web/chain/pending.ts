import { type Hash, isHash } from 'viem'

/** A transaction that was signed and sent; it survives a reload until its outcome has been seen. */
export type Pending = { hash: Hash; sentAt: number }

const PREFIX = 'coupon-secure.pending.'

/** Notes a sent transaction under the flow it belongs to, for example `31337.0x….issue.3`. */
export function rememberPending({ flow, hash }: { flow: string; hash: Hash }): void {
  localStorage.setItem(PREFIX + flow, JSON.stringify({ hash, sentAt: Date.now() }))
}

/** The transaction of this flow whose outcome has not been seen yet. */
export function pendingOf(flow: string): Pending | undefined {
  const text = localStorage.getItem(PREFIX + flow)
  if (text === null) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const hash: unknown = Reflect.get(value, 'hash')
    return typeof hash === 'string' && isHash(hash)
      ? { hash, sentAt: Number(Reflect.get(value, 'sentAt')) }
      : undefined
  } catch {
    return undefined
  }
}

/** Forgets the flow's transaction: its outcome has been seen. */
export function forgetPending(flow: string): void {
  localStorage.removeItem(PREFIX + flow)
}
