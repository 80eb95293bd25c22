/** Text as it was probably written, and how that was known. */
export type Decoded = { text: string; encoding: string; isGuess: boolean }

/** What lists come in, by the names that browsers know, with those that people know. */
export const ENCODINGS: Readonly<Record<string, string>> = {
  'utf-8': 'UTF-8',
  'windows-1252': 'Western (Windows-1252)',
  'windows-1250': 'Central European (Windows-1250)',
  'windows-1251': 'Cyrillic (Windows-1251)',
  'windows-1253': 'Greek (Windows-1253)',
  'windows-1254': 'Turkish (Windows-1254)',
  'windows-1256': 'Arabic (Windows-1256)',
  'utf-16le': 'UTF-16, little end first',
  'utf-16be': 'UTF-16, big end first',
  gb18030: 'Chinese (GB 18030)',
  big5: 'Chinese (Big5)',
  shift_jis: 'Japanese (Shift JIS)',
  'euc-kr': 'Korean (EUC-KR)',
}

/** Decodes a list: as it is said, else by its byte-order mark, else as UTF-8, else as what Windows writes in the West. */
export function decode({
  bytes,
  encoding: given,
}: {
  bytes: Uint8Array
  encoding?: string | undefined
}): Decoded {
  if (given !== undefined) {
    return { text: new TextDecoder(given).decode(bytes), encoding: given, isGuess: false }
  }
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
