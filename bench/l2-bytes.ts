import { brotliCompressSync, constants, deflateSync } from 'node:zlib'

import { type Hex, hexToBytes } from 'viem'

/** What a rollup has to publish for one transaction, by several measures. */
export type L2Bytes = {
  /** The signed transaction as it is. */
  raw: number
  zlib: number
  brotli: number
  fastLz: number
  /** What an OP stack chain since Fjord charges for: `max(100, 0.8365 × FastLZ − 42.6)`. */
  opStack: number
}

// FastLZ at level 1, by its format. Three bytes are looked up in a table of 2^13 places; a match lies
// at most 2^13 - 1 bytes back, and no match begins in the last bytes.
const TABLE_BITS = 13
const HASH_FACTOR = 2_654_435_769
const FARTHEST = 0x1fff
const NO_MATCH_IN_LAST = 13
const NO_COMPARING_IN_LAST = 4
const SHORTEST = 3
const LONGEST = 262
const LITERALS_TOGETHER = 32

/** The bytes of a serialised transaction (or of anything else), raw and compressed. */
export function l2BytesOf(serialised: Hex): L2Bytes {
  const bytes = hexToBytes(serialised)
  const fastLz = fastLzLength(bytes)
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
  })
  return {
    raw: bytes.length,
    zlib: deflateSync(bytes, { level: constants.Z_BEST_COMPRESSION }).length,
    brotli: brotli.length,
    fastLz,
    opStack: Math.max(100, Math.round(0.8365 * fastLz - 42.6)),
  }
}

/** The same for each of `count` that share a transaction. */
export function eachOf({ bytes, count }: { bytes: L2Bytes; count: number }): L2Bytes {
  const each = (total: number) => Math.ceil(total / count)
  return {
    raw: each(bytes.raw),
    zlib: each(bytes.zlib),
    brotli: each(bytes.brotli),
    fastLz: each(bytes.fastLz),
    opStack: each(bytes.opStack),
  }
}

/** How long the bytes would be after FastLZ, to the byte as the nodes and the gas oracle of rollups count it. */
export function fastLzLength(bytes: Uint8Array): number {
  const table = new Uint32Array(1 << TABLE_BITS)
  const end = bytes.length - NO_MATCH_IN_LAST
  const threeAt = (at: number) =>
    (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)
  const placeOf = (three: number) => Math.imul(HASH_FACTOR, three) >>> (32 - TABLE_BITS)
  const remember = (at: number) => {
    const place = placeOf(threeAt(at))
    const before = table[place] ?? 0
    table[place] = at
    return before
  }

  let length = 0
  let unwritten = 0 // where the literals begin that are not yet counted
  let at = 2
  while (at < end) {
    const before = remember(at)
    if (at - before > FARTHEST || threeAt(before) !== threeAt(at)) {
      at += 1
      continue
    }
    if (at + 1 === end) break
    length += literalsLength(at - unwritten)
    const limit = bytes.length - NO_COMPARING_IN_LAST - at - SHORTEST
    let more = 0
    while (more < limit && bytes[before + SHORTEST + more] === bytes[at + SHORTEST + more])
      more += 1
    if (more === limit) more -= 1 // at the end they count one less
    length += matchLength(more)
    at += SHORTEST + more
    remember(at - 2)
    remember(at - 1)
    unwritten = at
  }
  return length + literalsLength(bytes.length - unwritten)
}

/** Literals travel in runs of up to 32, each with one byte before it. */
function literalsLength(count: number): number {
  return count + Math.ceil(count / LITERALS_TOGETHER)
}

/** A match takes two bytes, or three when it is nine or longer; the longest ones are cut. */
function matchLength(more: number): number {
  return 3 * Math.floor(more / LONGEST) + (SHORTEST + (more % LONGEST) >= 9 ? 3 : 2)
}
