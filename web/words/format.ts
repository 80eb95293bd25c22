/** A compiled message: a text, or texts with what is put between them. `npm run words` makes them of the catalogues. */
export type Message = string | readonly Part[]

/** A language's texts, compiled; all but English have the sentences of failures too, as `failure.<code>`. */
export type Catalogue = Readonly<Record<string, Message>>

/** A text; a value by its name; a choice by a number's plural category or by a word; or words that stand in a tag. */
export type Part =
  | string
  | readonly [name: string]
  | readonly [name: string, kind: 'plural' | 'select', options: Readonly<Record<string, Message>>]
  | readonly [name: string, kind: 'tag', message: Message]

/** What a message says, piece by piece; how a value looks and what becomes of a tag is its caller's. */
export function piecesOf<Piece>({
  message,
  values,
  shown,
  categoryOf,
  tagged,
}: {
  message: Message
  values: Readonly<Record<string, unknown>>
  shown: (value: unknown) => Piece
  categoryOf: (count: number) => string
  tagged: (name: string, pieces: (Piece | string)[]) => Piece
}): (Piece | string)[] {
  if (typeof message === 'string') return [message]
  const inside = (message: Message) => piecesOf({ message, values, shown, categoryOf, tagged })
  return message.flatMap((part) => {
    if (typeof part === 'string') return [part]
    const [name] = part
    const value = values[name]
    if (part.length === 1) return [shown(value)]
    if (part[1] === 'tag') return [tagged(name, inside(part[2]))]
    const options = part[2]
    const exact = options[part[1] === 'select' ? String(value) : `=${String(value)}`]
    const category = part[1] === 'select' ? 'other' : categoryOf(Number(value))
    return inside(exact ?? options[category] ?? options.other ?? '')
  })
}
