import { listOf, type Term, wordOf, writeTerm } from './prove-terms.ts'

type Shape = { constructor: string; accessors: readonly string[]; sorts: readonly Term[] }
type Define = (what: { name: string; sort: Term; term: Term }) => string

/**
 * Structs and mappings, worked out as far as they are known: what was stored is read back, so that a solver need reason about
 * numbers alone and about what was there at the beginning. Each is kept under a name of its own, which `spelled` spells out.
 */
export class Values {
  readonly #shapes = new Map<string, Shape>()
  readonly #fields = new Map<string, number>()
  readonly #constructors = new Map<string, Shape>()
  readonly #named = new Map<string, Term>()
  readonly #names = new Map<string, string>()

  /** Learns of a struct from its declaration. */
  declare(command: readonly Term[]): void {
    listOf(command[1]).forEach((sort, index) => {
      const [[constructor, ...fields] = []] = listOf(listOf(command[2])[index]).map(listOf)
      if (constructor === undefined) return
      const accessors = fields.map((field) => wordOf(listOf(field)[0]))
      const sorts = fields.map((field) => listOf(field)[1] ?? '')
      const shape = { constructor: wordOf(constructor), accessors, sorts }
      this.#shapes.set(wordOf(listOf(sort)[0]), shape)
      this.#constructors.set(shape.constructor, shape)
      accessors.forEach((accessor, place) => this.#fields.set(accessor, place))
    })
  }

  forget(): void {
    this.#named.clear()
    this.#names.clear()
  }

  /** The struct that these facts describe field by field, with the facts that do. */
  described({
    name,
    sort,
    facts,
  }: {
    name: string
    sort: Term
    facts: readonly Term[]
  }): { term: Term; used: ReadonlySet<Term> } | undefined {
    const shape = typeof sort === 'string' ? this.#shapes.get(sort) : undefined
    if (shape === undefined) return undefined
    const used = new Set<Term>()
    const fields = shape.accessors.map((accessor) => {
      const fact = facts.find((each) => {
        const [equals, left] = typeof each === 'string' ? [] : each
        return equals === '=' && left !== undefined && isField(left, { accessor, name })
      })
      if (fact !== undefined) used.add(fact)
      return fact === undefined ? undefined : listOf(fact)[2]
    })
    const known = fields.filter((field) => field !== undefined)
    return known.length === fields.length
      ? { term: [shape.constructor, ...known], used }
      : undefined
  }

  /** A name for a struct or mapping. */
  name(term: Term): string {
    if (typeof term === 'string') return term
    const text = writeTerm(term)
    const known = this.#names.get(text)
    if (known !== undefined) return known
    const own = `value@${this.#names.size}`
    this.#names.set(text, own)
    this.#named.set(own, term)
    return own
  }

  /**
   * One struct or mapping where it may be either of two: as far as both are alike it is once what they are, for what is read back
   * from it would else be asked of both, and of both of each, without end.
   */
  joined({
    condition,
    yes,
    no,
    define,
  }: {
    condition: Term
    yes: Term
    no: Term
    define: Define
  }): Term {
    if (isSame(yes, no)) return yes
    const [one, other] = [this.#view(yes), this.#view(no)]
    const shape = typeof one?.[0] === 'string' ? this.#constructors.get(one[0]) : undefined
    if (one !== undefined && shape !== undefined) {
      const fields = shape.accessors.map((accessor, field) => {
        const [left, right] = [one[field + 1] ?? '', this.#field({ accessor, field, of: no })]
        const sort = shape.sorts[field] ?? ''
        if (!isNumber(sort)) return this.joined({ condition, yes: left, no: right, define })
        const term = either({ condition, yes: left, no: right })
        return typeof term === 'string' ? term : define({ name: 'joined', sort, term })
      })
      return this.name([shape.constructor, ...fields])
    }
    if (other !== undefined && typeof other[0] === 'string' && this.#constructors.has(other[0])) {
      return this.joined({ condition: ['not', condition], yes: no, no: yes, define })
    }
    const stored = one?.[0] === 'store' ? one : other?.[0] === 'store' ? other : undefined
    if (stored !== undefined) {
      const [, from = '', key = ''] = stored
      const [left, right] = [yes, no].map((each) => this.#without({ from: each, key }))
      if (left !== undefined && right !== undefined && isSame(left, from) && isSame(right, from)) {
        const [first, second] = [yes, no].map((each) => this.#select({ from: each, key }))
        const value = this.joined({ condition, yes: first ?? '', no: second ?? '', define })
        return this.name(['store', from, key, value])
      }
    }
    return this.name(['ite', condition, yes, no])
  }

  /** The mapping as it was before something was stored under this key, if anything was. */
  #without({ from, key }: { from: Term; key: Term }): Term {
    const parts = this.#view(from)
    const [head, before = '', own = ''] = parts ?? []
    return head === 'store' && isSame(own, key) ? before : from
  }

  /** The term with all read back that is known. */
  read(term: Term): Term {
    if (typeof term === 'string') return term
    const parts = term.map((part) => this.read(part))
    const [head, first, second] = parts
    if (typeof head === 'string' && first !== undefined) {
      const field = this.#fields.get(head)
      if (field !== undefined) return this.#field({ accessor: head, field, of: first })
      if (head === 'select' && second !== undefined)
        return this.#select({ from: first, key: second })
      if (head === 'store' && second !== undefined) {
        return ['store', this.#without({ from: first, key: second }), ...parts.slice(2)]
      }
    }
    return parts
  }

  /** The term with the names of structs and mappings spelled out. */
  spelled(term: Term): Term {
    if (typeof term === 'string') {
      const named = this.#named.get(term)
      return named === undefined ? term : this.spelled(named)
    }
    return term.map((part) => this.spelled(part))
  }

  #field({ accessor, field, of }: { accessor: string; field: number; of: Term }): Term {
    const parts = this.#view(of)
    if (parts === undefined) return [accessor, of]
    if (typeof parts[0] === 'string' && this.#constructors.has(parts[0]))
      return parts[field + 1] ?? ''
    if (parts[0] !== 'ite') return [accessor, of]
    const [, condition = '', yes = '', no = ''] = parts
    return either({
      condition,
      yes: this.#field({ accessor, field, of: yes }),
      no: this.#field({ accessor, field, of: no }),
    })
  }

  #select({ from, key }: { from: Term; key: Term }): Term {
    const parts = this.#view(from)
    if (parts === undefined) return ['select', from, key]
    const [head, first = '', second = '', third = ''] = parts
    if (head === 'store') {
      if (isSame(second, key)) return third
      return either({
        condition: ['=', second, key],
        yes: third,
        no: this.#select({ from: first, key }),
      })
    }
    if (head !== 'ite') return ['select', from, key]
    return either({
      condition: first,
      yes: this.#select({ from: second, key }),
      no: this.#select({ from: third, key }),
    })
  }

  #view(term: Term): readonly Term[] | undefined {
    if (typeof term !== 'string') return term
    const named = this.#named.get(term)
    return named === undefined || typeof named === 'string' ? undefined : named
  }
}

/** Whether a value of this sort is for the solver itself. */
export function isNumber(sort: Term): boolean {
  return sort === 'Int' || sort === 'Bool'
}

/** This or that. */
export function either({ condition, yes, no }: { condition: Term; yes: Term; no: Term }): Term {
  return isSame(yes, no) ? yes : ['ite', condition, yes, no]
}

function isSame(a: Term, b: Term): boolean {
  return (
    a === b || (typeof a !== 'string' && typeof b !== 'string' && writeTerm(a) === writeTerm(b))
  )
}

function isField(term: Term, { accessor, name }: { accessor: string; name: string }): boolean {
  return typeof term !== 'string' && term[0] === accessor && term[1] === name
}
