import type { Coupon } from '@coupon-secure/protocol/coupon'
import { compactOf, domainOf } from '@coupon-secure/protocol/presence'
import { hashRefusal, refusalTypes } from '@coupon-secure/protocol/refusal'
import { type RefusalAnswer, refusalAnswerSchema } from '@coupon-secure/protocol/wire'
import { readWire } from '@coupon-secure/protocol/wire-fields'
import { signerOf } from '@coupon-secure/protocol/witness'
import type { Address } from 'viem'
import type { Pocket, Shelf } from './journal.ts'

const REFUSALS = 'coupon-secure.refusals.'
const MOST_KEPT = 5 // for each coupon; the newest

/** Whether a refusal proves anything, and who signed it. */
export type Proof = { signer: Address | undefined; isOfWitness: boolean }

/** The signed refusals of one pocket. What cannot be read is none; what cannot be written is not fatal. */
export function refusalsOf({ shelf, pocket }: { shelf: Shelf; pocket: Pocket }) {
  const { chainId, book, holder } = pocket
  const name = ({ campaignId, serial }: Coupon) =>
    `${REFUSALS}${chainId}.${book}.${holder}.${campaignId}.${serial}`.toLowerCase()
  /** Newest first. */
  const read = (coupon: Coupon): RefusalAnswer[] => refusalsIn(shelf.getItem(name(coupon)))
  return {
    read,
    keep: ({ coupon, refused }: { coupon: Coupon; refused: RefusalAnswer }) => {
      try {
        shelf.setItem(name(coupon), textOf([refused, ...read(coupon)].slice(0, MOST_KEPT)))
      } catch {
        // A full or forbidden storage must not keep anybody from trying again.
      }
    },
  }
}

/** Whose key signed a refusal, and whether the book believes that key. */
export async function proofOf({
  pocket: { chainId, book },
  refused: { refusal, signature },
  isWitness,
}: {
  pocket: Pocket
  refused: RefusalAnswer
  isWitness: (key: Address) => Promise<boolean>
}): Promise<Proof> {
  const hash = hashRefusal({ chainId, book, refusal })
  const words = wordsOf(signature)
  const signer = words && (await signerOf({ hash, ...words }))
  return { signer, isOfWitness: signer !== undefined && (await isWitness(signer)) }
}

/** The refusal as a file: the typed data and its signature as any EIP-712 tool takes them, and what opens its evidence. */
export function fileOf({
  pocket: { chainId, book },
  refused: { refusal, signature, opening, logged },
}: {
  pocket: Pocket
  refused: RefusalAnswer
}): string {
  const typed = {
    domain: domainOf({ chainId, book }),
    types: refusalTypes,
    primaryType: 'Refusal',
    message: refusal,
  }
  return textOf({ typed, signature, logged, opening }, 2)
}

/** A refusal as it came over the wire. */
export function wired(refused: RefusalAnswer): unknown {
  return JSON.parse(textOf(refused))
}

function wordsOf(signature: RefusalAnswer['signature']) {
  try {
    return compactOf(signature)
  } catch {
    return undefined
  }
}

function textOf(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_, part: unknown) => (typeof part === 'bigint' ? part.toString() : part),
    indent,
  )
}

function refusalsIn(text: string | null): RefusalAnswer[] {
  if (text === null) return []
  try {
    const value: unknown = JSON.parse(text)
    return (Array.isArray(value) ? value : []).flatMap((json) => {
      const read = readWire({ schema: refusalAnswerSchema, json })
      return read.ok ? [read.value] : []
    })
  } catch {
    return []
  }
}
