// Marks that turn the direction of what follows; of several, the first is named.
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/
// Characters without any width. Joiners (U+200C, U+200D) are letters' business in names, and nobody's elsewhere.
const ZERO_WIDTH = /[\u00ad\u180e\u200b\u2060-\u2064\ufeff]/
const JOINERS = /[\u200c\u200d]/
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/
const ANY = new RegExp([BIDI, ZERO_WIDTH, JOINERS, CONTROL].map(({ source }) => source).join('|'))
const SPACES = /[\s\u00a0]+/g

/** What stood in a cell and cannot be seen. */
export type Hidden = { code: 'BIDI_CHARACTER' | 'ZERO_WIDTH_CHARACTER'; message: string }

/** A cell's content in one line of what can be seen, and what was taken out of it. */
export function clean({ content, isName }: { content: string; isName: boolean }): {
  text: string
  hidden: Hidden[]
} {
  if (!ANY.test(content)) return { text: content.replace(SPACES, ' ').trim(), hidden: [] }
  const invisible = isName ? [ZERO_WIDTH, CONTROL] : [ZERO_WIDTH, JOINERS, CONTROL]
  const text = [BIDI, ...invisible].reduce(
    (rest, { source }) => rest.replace(new RegExp(source, 'g'), ''),
    content,
  )
  const shown = text.replace(SPACES, ' ').trim()
  const turning = BIDI.exec(content)?.[0]
  const unseen = invisible.map((kind) => kind.exec(content)?.[0]).find((found) => found)
  return {
    text: shown,
    hidden: [
      ...(turning === undefined ? [] : [bidi({ shown, character: turning })]),
      ...(unseen === undefined ? [] : [zeroWidth({ shown, character: unseen })]),
    ],
  }
}

function bidi({ shown, character }: { shown: string; character: string }): Hidden {
  const message = `“${shown}” held an invisible mark that turns the direction of text (${pointOf(character)}): it could make a name read as another. It was taken out.`
  return { code: 'BIDI_CHARACTER', message }
}

function zeroWidth({ shown, character }: { shown: string; character: string }): Hidden {
  const message = `“${shown}” held a character that cannot be seen (${pointOf(character)}); it was taken out.`
  return { code: 'ZERO_WIDTH_CHARACTER', message }
}

function pointOf(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}
