/** Text as it was probably written, and how that was known. */
export type Decoded = { text: string; encoding: string; isGuess: boolean }

/** Decodes a list: by its byte-order mark, else as UTF-8, else as what Windows writes in the West. */
export function decode(bytes: Uint8Array): Decoded {
  const marked = markOf(bytes)
  if (marked !== undefined) {
    return { text: new TextDecoder(marked).decode(bytes), encoding: marked, isGuess: false }
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return { text, encoding: 'utf-8', isGuess: false }
  } catch {
    // No UTF-8: every byte means something in this one, though perhaps not what was meant.
    const encoding = 'windows-1252'
    return { text: new TextDecoder(encoding).decode(bytes), encoding, isGuess: true }
  }
}

function markOf([first, second]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  return undefined // UTF-8 with its mark is plain UTF-8 to the decoder, which drops the mark
}
