import type { Coupon } from '@coupon-secure/protocol/coupon'
import { type HandedRedemption, readHanded, writeHanded } from '@coupon-secure/protocol/handed'
import type { Statement } from '@coupon-secure/protocol/presence'
import { readWire } from '@coupon-secure/protocol/wire-fields'
import { statementSchema } from '@coupon-secure/protocol/wire'
import { type Address, type Hash, isHash } from 'viem'
import { NOTES, type Vouched } from './redemption.ts'

/** What must outlive a reload: who vouched, before anybody signs; what was signed for others to send, or the hash of what was sent. */
export type Note = { vouched: Vouched; handed?: HandedRedemption; hash?: Hash }

/** Where notes are kept, as `localStorage` keeps them. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** Whose pocket, in which book. */
export type Pocket = { chainId: number; book: Address; holder: Address }

// A wallet is not answered in no time, and a block comes later still.
const LEAST_SECONDS_LEFT = 45

/** The notes of one pocket. What cannot be read is no note; what cannot be written is not fatal. */
export function journalOf({ shelf, pocket }: { shelf: Shelf; pocket: Pocket }) {
  const name = ({ campaignId, serial }: Coupon) => `${prefixOf(pocket)}${campaignId}.${serial}`
  return {
    read: (coupon: Coupon): Note | undefined => noteIn(shelf.getItem(name(coupon))),
    write: ({ coupon, note }: { coupon: Coupon; note: Note }) => {
      try {
        shelf.setItem(name(coupon), textOf(note))
      } catch {
        // A full or forbidden storage must not keep anybody from eating.
      }
    },
    forget: (coupon: Coupon) => shelf.removeItem(name(coupon)),
  }
}

/** The notes of one pocket. */
export type Journal = ReturnType<typeof journalOf>

/** What the keys of all notes of a pocket begin with. */
export function prefixOf({ chainId, book, holder }: Pocket): string {
  return `${NOTES}${chainId}.${book}.${holder}.`.toLowerCase()
}

/** Whether these statements will still count when the wallet has signed; `now` in unix seconds. */
export function isStillGood({ vouched, now }: { vouched: Vouched; now: number }): boolean {
  return vouched.statements.every(({ validUntil }) => Number(validUntil) > now + LEAST_SECONDS_LEFT)
}

function textOf({ vouched: { site, statements }, handed, hash }: Note): string {
  const text = handed && writeHanded(handed)
  return JSON.stringify({ site, statements: statements.map(wired), handed: text, hash })
}

function wired({ observedAt, validUntil, ...rest }: Statement) {
  return { ...rest, observedAt: observedAt.toString(), validUntil: validUntil.toString() }
}

function noteIn(text: string | null): Note | undefined {
  if (text === null) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const site: unknown = Reflect.get(value, 'site')
    const hash: unknown = Reflect.get(value, 'hash')
    const given: unknown = Reflect.get(value, 'statements')
    if (typeof site !== 'number' || !Array.isArray(given)) return undefined

    const statements = given.flatMap((json) => {
      const read = readWire({ schema: statementSchema, json })
      return read.ok ? [read.value] : []
    })
    if (statements.length !== given.length) return undefined
    const signed: unknown = Reflect.get(value, 'handed')
    const handed = typeof signed === 'string' ? readHanded(signed) : undefined
    const note = { vouched: { site, statements }, ...(handed && { handed }) }
    return typeof hash === 'string' && isHash(hash) ? { ...note, hash } : note
  } catch {
    return undefined
  }
}
