import { type Address, concatHex, getAddress, type Hex, numberToHex, size, slice } from 'viem'
import { fromBase64url, toBase64url } from './base64url.ts'
import type { BookPlace, Redeem, Statement } from './presence.ts'

/** A redemption that its holder has signed for somebody else to send; nothing in it is secret, and nobody gains by it. */
export type HandedRedemption = BookPlace &
  Redeem & {
    holder: Address
    /** Over the `Redeem`: a key's in 64 bytes (ERC-2098), a contract's as it takes it (ERC-1271). */
    signature: Hex
    statements: readonly Statement[]
  }

const MARK = 'CSR1'
const ADDRESS_BYTES = 20
const MOST_SIGNATURE_BYTES = 280 // in a code; a relayer takes longer ones
const STATEMENT_BYTES = 144 // r, vs, geofence, observed, valid, evidence
const MOST_STATEMENTS = 4
const LONGEST = 4_000
const FORM =
  /^CSR1\.([1-9][0-9]{0,14})\.([A-Za-z0-9_-]{27})\.([1-9][0-9]{0,77})\.(0|[1-9][0-9]{0,28})\.(0|[1-9][0-9]{0,4})\.([1-9][0-9]{0,11})\.([A-Za-z0-9_-]{112,2758})((?:\.[A-Za-z0-9_-]{192})*)$/

/** Whether the text would still be one that a phone reads from another's screen: some contracts' signatures are too long. */
export function canBeHanded({ signature }: HandedRedemption): boolean {
  return size(signature) <= MOST_SIGNATURE_BYTES
}

/** The text that the holder's QR holds (docs/protocol.md#handed-redemption). */
export function writeHanded(handed: HandedRedemption): string {
  const { chainId, book, campaignId, serial, site, deadline, holder, signature } = handed
  return [
    MARK,
    chainId,
    toBase64url(book),
    campaignId,
    serial,
    site,
    deadline,
    toBase64url(concatHex([holder, signature])),
    ...handed.statements.map((statement) => toBase64url(bytesOf(statement))),
  ].join('.')
}

/** The redemption in a text, or in a whole address that ends with one; undefined where it is none. The contract judges it. */
export function readHanded(given: string): HandedRedemption | undefined {
  const text = given.slice(given.indexOf('#') + 1).trim()
  if (text.length > LONGEST) return undefined
  const found = FORM.exec(text)
  if (found === null) return undefined
  const [, chain = '', bookText = '', campaign = '', serial = '', site = '', deadline = ''] = found
  const [signedText = '', rest = ''] = found.slice(7)
  const book = fromBase64url({ text: bookText, bytes: ADDRESS_BYTES })
  const signed = fromBase64url({ text: signedText, bytes: Math.floor((signedText.length * 6) / 8) })
  const parts = rest.split('.').slice(1)
  const statements = parts.flatMap((part) => {
    const bytes = fromBase64url({ text: part, bytes: STATEMENT_BYTES })
    return bytes === undefined ? [] : [statementIn(bytes)]
  })
  if (book === undefined || signed === undefined || statements.length !== parts.length) {
    return undefined
  }
  if (statements.length > MOST_STATEMENTS || Number(site) > 65_535) return undefined
  if (BigInt(serial) >= 2n ** 96n || BigInt(campaign) >= 2n ** 256n) return undefined
  return {
    chainId: Number(chain),
    book: getAddress(book),
    campaignId: BigInt(campaign),
    serial: BigInt(serial),
    site: Number(site),
    deadline: BigInt(deadline),
    holder: getAddress(slice(signed, 0, ADDRESS_BYTES)),
    signature: slice(signed, ADDRESS_BYTES),
    statements,
  }
}

function bytesOf({ r, vs, geofenceHash, observedAt, validUntil, evidenceHash }: Statement): Hex {
  const times = [observedAt, validUntil].map((time) => numberToHex(time, { size: 8 }))
  return concatHex([r, vs, geofenceHash, ...times, evidenceHash])
}

function statementIn(bytes: Hex): Statement {
  return {
    r: slice(bytes, 0, 32),
    vs: slice(bytes, 32, 64),
    geofenceHash: slice(bytes, 64, 96),
    observedAt: BigInt(slice(bytes, 96, 104)),
    validUntil: BigInt(slice(bytes, 104, 112)),
    evidenceHash: slice(bytes, 112, 144),
  }
}
