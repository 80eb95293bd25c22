import type { Coupon } from '@coupon-secure/protocol/coupon'
import { readPairingCode } from '@coupon-secure/protocol/pairing'
import { type Hex, isHex, size } from 'viem'
import type { Pocket, Shelf } from './journal.ts'
import { NOTES } from './redemption.ts'

/** A code that is being shown: kept through a reload, since wallets' browsers begin anew when one comes back to them. */
export type PairingNote = {
  code: string
  readerToken: Hex
  /** Unix seconds. */
  expiresAt: number
}

/** The note of one coupon. */
export type PairingNotes = ReturnType<typeof pairingNotes>

const TOKEN_BYTES = 32

/** The note of one coupon's code, for the few minutes that it is good; what cannot be written is not fatal. */
export function pairingNotes({
  shelf,
  pocket: { chainId, book, holder },
  coupon: { campaignId, serial },
}: {
  shelf: Shelf
  pocket: Pocket
  coupon: Coupon
}) {
  const of = `${chainId}.${book}.${holder}.${campaignId}.${serial}`
  const name = `${NOTES}pairing.${of}`.toLowerCase()
  return {
    /** `now` in unix milliseconds. */
    read: (now: number): PairingNote | undefined => {
      const note = noteIn(shelf.getItem(name))
      if (note && note.expiresAt * 1000 > now) return note
      shelf.removeItem(name)
      return undefined
    },
    write: (note: PairingNote) => {
      try {
        shelf.setItem(name, JSON.stringify(note))
      } catch {
        // A full or forbidden storage: a reload then takes a new code.
      }
    },
    forget: () => shelf.removeItem(name),
  }
}

function noteIn(text: string | null): PairingNote | undefined {
  if (text === null) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const code: unknown = Reflect.get(value, 'code')
    const readerToken: unknown = Reflect.get(value, 'readerToken')
    const expiresAt: unknown = Reflect.get(value, 'expiresAt')
    if (typeof code !== 'string' || readPairingCode(code) !== code) return undefined
    if (!isHex(readerToken) || size(readerToken) !== TOKEN_BYTES) return undefined
    return typeof expiresAt === 'number' ? { code, readerToken, expiresAt } : undefined
  } catch {
    return undefined
  }
}
