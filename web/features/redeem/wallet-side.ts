import { PAIRING_BYTES, PAIRING_SECONDS, pairingCodeOf } from '@coupon-secure/protocol/pairing'
import type { Position } from '@coupon-secure/protocol/wire-evidence'
import { type PairedRequest, pairedAnswerSchema } from '@coupon-secure/protocol/wire-pairing'
import { readWire } from '@coupon-secure/protocol/wire-fields'
import { bytesToHex, type Hex } from 'viem'
import { pairingForAnother } from './failures.ts'
import { openMessage, openPairing, type Pairing, sealMessage } from './pairing-seal.ts'
import type { boxOf, Said } from './pairing-box.ts'
import type { PairingNote, PairingNotes } from './pairing-notes.ts'
import { abandoned, type Located, misfitOf } from './position.ts'
import type { SignIn } from './sign-in.ts'

/** What the person is shown while another browser is to say where they are; `expiresAt` in unix seconds. */
export type Shown = {
  code: string
  expiresAt: number
  isOpened: boolean
  /** A position came, and was too old by then. */
  isOld: boolean
}

/** A position that another browser of the same person takes. */
export type Elsewhere = {
  /** Waits for one; `than` for a newer one of the same code. */
  locate: (wish: {
    signIn: SignIn
    than?: Position | undefined
    onShown: (shown: Shown) => void
  }) => Promise<Located>
  /** The code is of no use any more, and nothing is left with the oracle. */
  end: () => Promise<void>
}

/** The oracle's letter box, this device's notes and clock. */
export type WalletSideTools = {
  /** Unix milliseconds. */
  now: () => number
  random: (bytes: number) => Uint8Array
  notes: PairingNotes
  make: (asked: {
    signIn: SignIn
    id: Hex
    readerToken: Hex
    request: Hex
  }) => Promise<Said<{ expiresAt: number }>>
  boxOf: (id: Hex) => Pick<ReturnType<typeof boxOf>, 'look' | 'end'>
  /** Until it may be worth looking again. */
  wait: () => Promise<void>
  hasLeft: () => boolean
}

const TOKEN_BYTES = 32
// After which what was kept before a reload is of no use.
const ENDED = new Set(['PAIRING_EXPIRED', 'PAIRING_OVER', 'PAIRING_TAKEN'])

/** Has another browser say where the holder of this coupon is (docs/protocol.md#pairing). */
export function walletSide({
  request,
  tools,
}: {
  request: PairedRequest
  tools: WalletSideTools
}): Elsewhere {
  const { notes, now, hasLeft } = tools
  let open: { note: PairingNote; pairing: Pairing } | undefined

  return {
    locate: async ({ signIn, than, onShown }) => {
      const made = open ? { ok: true as const, told: open } : await make(signIn)
      if (!made.ok) return made
      open = made.told
      const { note, pairing } = open
      const box = tools.boxOf(pairing.id)
      let isOld = false
      for (;;) {
        if (hasLeft()) return abandoned
        const seen = await box.look(note.readerToken)
        if (!seen.ok) {
          // A line that drops for a moment costs nobody their code.
          const isOver = now() / 1000 > note.expiresAt
          if (seen.failure.code !== 'ORACLE_AWAY' || isOver) return seen
        } else if (seen.told.answer !== undefined) {
          const position = await positionIn({ pairing, sealed: seen.told.answer })
          if (position === undefined) return { ok: false, failure: pairingForAnother }
          const isNew = position.takenAt > (than?.takenAt ?? 0)
          isOld = misfitOf({ position, now: now() }) === 'POSITION_OLD'
          if (isNew && !isOld) return { ok: true, position }
        }
        const isOpened = seen.ok && seen.told.isOpened
        onShown({ code: note.code, expiresAt: note.expiresAt, isOpened, isOld })
        await tools.wait()
      }
    },

    end: async () => {
      const over = open
      open = undefined
      notes.forget()
      if (over) await tools.boxOf(over.pairing.id).end(over.note.readerToken)
    },
  }

  async function make(signIn: SignIn): Promise<Said<{ note: PairingNote; pairing: Pairing }>> {
    const kept = notes.read(now())
    const note = kept ?? fresh()
    // Before it is asked for: a page that is loaded again in between goes on with the same code.
    notes.write(note)
    const pairing = await openPairing(note.code)
    const sealed = await sealMessage({ pairing, from: 'wallet', message: wired(request) })
    const { readerToken } = note
    const made = await tools.make({ signIn, id: pairing.id, readerToken, request: sealed })
    if (made.ok) {
      const { expiresAt } = made.told
      return { ok: true, told: { note: { ...note, expiresAt }, pairing } }
    }
    if (!ENDED.has(made.failure.code)) return made
    notes.forget()
    return kept ? make(signIn) : made
  }

  function fresh(): PairingNote {
    return {
      code: pairingCodeOf(tools.random(PAIRING_BYTES)),
      readerToken: bytesToHex(tools.random(TOKEN_BYTES)),
      expiresAt: Math.floor(now() / 1000) + PAIRING_SECONDS,
    }
  }

  /** The position of an answer that was given for this coupon and this holder. */
  async function positionIn({
    pairing,
    sealed,
  }: {
    pairing: Pairing
    sealed: Hex
  }): Promise<Position | undefined> {
    const json = await openMessage({ pairing, from: 'other', sealed })
    const read = readWire({ schema: pairedAnswerSchema, json })
    if (!read.ok) return undefined
    const { position, ...of } = read.value
    const isOurs =
      of.chainId === request.chainId &&
      of.book.toLowerCase() === request.book.toLowerCase() &&
      of.campaignId === request.campaignId &&
      of.serial === request.serial &&
      of.holder.toLowerCase() === request.holder.toLowerCase()
    return isOurs ? position : undefined
  }
}

function wired({ campaignId, serial, ...rest }: PairedRequest): unknown {
  return { ...rest, campaignId: campaignId.toString(), serial: serial.toString() }
}
