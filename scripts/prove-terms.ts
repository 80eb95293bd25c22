// SMT-LIB as it is written: a term is a word, or a list of terms.

/** A term of SMT-LIB. */
export type Term = string | readonly Term[]

const WORD = /\|[^|]*\||[()]|[^\s()|]+/g

/** Reads a whole script. */
export function readTerms(text: string): Term[] {
  const open: Term[][] = [[]]
  for (const [word] of text.matchAll(WORD)) {
    const inner = open.at(-1)
    if (inner === undefined) throw new Error('A parenthesis too many.')
    if (word === '(') open.push([])
    else if (word === ')') {
      open.pop()
      open.at(-1)?.push(inner)
    } else inner.push(nameOf(word))
  }
  const [read] = open
  if (read === undefined || open.length !== 1) throw new Error('A parenthesis too few.')
  return read
}

/** Writes a term. */
export function writeTerm(term: Term): string {
  return typeof term === 'string' ? quoted(term) : `(${term.map(writeTerm).join(' ')})`
}

/** The same term with other terms in the places of names. */
export function replaced(term: Term, by: ReadonlyMap<string, Term>): Term {
  if (typeof term === 'string') return by.get(term) ?? term
  const parts = term.map((part) => replaced(part, by))
  return parts.some((part, index) => part !== term[index]) ? parts : term
}

/** What is said by all its parts together, however they are nested. */
export function conjunctsOf(term: Term): Term[] {
  if (term === 'true') return []
  return typeof term !== 'string' && term[0] === 'and' ? term.slice(1).flatMap(conjunctsOf) : [term]
}

/**
 * The term with `x mod 2^n` where solc writes the same by way of n bits, on which a solver comes to no end:
 * `bv2nat(x >= 0 ? int2bv(x) : bvneg(int2bv(-x)))`.
 */
export function withoutBits(term: Term): Term {
  if (typeof term === 'string') return term
  const parts = term.map(withoutBits)
  const [head, inner] = parts
  if (head !== 'bv2nat' || inner === undefined) return parts
  const [, , [[, , width = ''] = [], number = ''] = []] = inner as [Term, Term, [Term[]?, Term?]?]
  const same = (value: Term): Term => [['_', 'int2bv', width], value]
  const written = ['ite', ['>=', number, '0'], same(number), ['bvneg', same(['-', number])]]
  if (writeTerm(inner) !== writeTerm(written)) throw new Error('Bits where a number was due.')
  return ['mod', number, String(2n ** BigInt(wordOf(width)))]
}

/** The list that a term must be. */
export function listOf(term: Term | undefined): readonly Term[] {
  if (term === undefined || typeof term === 'string')
    throw new Error(`A list was due: ${term ?? ''}`)
  return term
}

/** The word that a term must be. */
export function wordOf(term: Term | undefined): string {
  if (typeof term !== 'string') throw new Error('A word was due.')
  return term
}

// solc writes a name with bars where it declares it, and at times without where it uses it.
function nameOf(word: string): string {
  return word.startsWith('|') ? word.slice(1, -1) : word
}

function quoted(name: string): string {
  return /^[\w+\-*/=<>.!?%&^~$@]+$/.test(name) ? name : `|${name}|`
}
