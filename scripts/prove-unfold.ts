import {
  conjunctsOf,
  listOf,
  readTerms,
  replaced,
  type Term,
  wordOf,
  withoutBits,
  writeTerm,
} from './prove-terms.ts'
import { either, isNumber, Values } from './prove-values.ts'

/** One thing that solc asks: can this go wrong? */
export type Target = { name: string; functions: readonly string[] }

type Clause = {
  variables: ReadonlyMap<string, Term>
  flows: readonly Atom[]
  calls: readonly Atom[]
  facts: readonly Term[]
  head: Atom
}
type Atom = { predicate: string; terms: readonly Term[] }
/** A place in one run of a function: whether it is reached, and with what. */
type Place = { isReached: string; terms: readonly Term[]; facts: ReadonlySet<string> }
/** One run of a function: what it begins with, the places it can come to, and the runs of what it calls. */
type Run = {
  begun: ReadonlyMap<string, Term>
  places: Map<string, Place>
  calls: Map<string, Outcome>
  free: Map<string, string>
}
/** How a run ends: well, somewhere, or with the number of what went wrong. */
type Outcome = { well: Place; wrong: { isReached: string; error: Term } | undefined }

const NOWHERE: Place = { isReached: 'false', terms: [], facts: new Set() }
const INTERFACE = /^(nondet_)?interface_/
const SUMMARY = /^(nondet_)?summary_/
const TARGET = /^error_target_/

/**
 * Reads the Horn clauses in which solc's CHC engine asks whether something can go wrong, and unfolds them into a question without
 * recursion. All recursion is in `interface`, the states that a contract can come to by its own calls: it becomes "any state",
 * which can only make more go wrong, never less. What is left are functions that call each other and come to an end.
 */
export class Unfolding {
  readonly #sorts = new Map<string, readonly Term[]>()
  readonly #clauses = new Map<string, Clause[]>()
  readonly #datatypes: Term[] = []
  readonly #values = new Values()
  #lines: string[] = []
  #count = 0
  readonly #definitions = new Map<string, string>()
  readonly #errors = new Set<string>()
  #number = '' // of what is asked for; nought where nothing goes wrong

  constructor(query: string) {
    for (const command of readTerms(query)) {
      const [word, ...rest] = listOf(command)
      if (word === 'declare-datatypes') {
        this.#datatypes.push(command)
        this.#values.declare(listOf(command))
      } else if (word === 'declare-fun') this.#sorts.set(wordOf(rest[0]), listOf(rest[1]))
      else if (word === 'assert') this.#take(listOf(rest[0]))
    }
  }

  /** Whatever can go wrong, by name, with the functions in which it can. */
  targets(): Target[] {
    const names = [...this.#clauses.keys()].filter((name) => TARGET.test(name))
    return names.map((name) => ({
      name,
      functions: this.#clausesOf(name).map(({ calls: [call] }) => call?.predicate ?? ''),
    }))
  }

  /** Can this go wrong in this function, begun in any state and with anything? */
  question({ functionName, target }: { functionName: string; target: string }): string {
    const number = this.#numberOf(target)
    const { wrong } = this.#begin({ functionName, number })
    if (wrong === undefined) return this.#asked(['false'])
    return this.#asked([wrong.isReached, ['=', wrong.error, number]])
  }

  /** Can this function come to its end? If not, nothing that was proved of it says anything. */
  ending(functionName: string): string {
    const { well } = this.#begin({ functionName, number: '0' })
    return this.#asked([well.isReached])
  }

  #begin({ functionName, number }: { functionName: string; number: string }): Outcome {
    this.#lines = []
    this.#count = 0
    this.#definitions.clear()
    this.#errors.clear()
    this.#values.forget()
    this.#number = number
    const predicate = this.#innermost(functionName)
    const clauses = this.#clausesOf(predicate)
    const known = this.#sortsOf(predicate).map((sort, index) =>
      this.#nameAt({ clauses, index })?.endsWith('_0') === true
        ? this.#declare('start', sort)
        : undefined,
    )
    return this.#run({ predicate, known })
  }

  #asked(conditions: readonly Term[]): string {
    conditions.forEach((condition) => this.#assert(condition))
    return ['(set-logic ALL)', ...this.#datatypes.map(writeTerm), ...this.#lines].join('\n')
  }

  /**
   * One run of the function whose summary this is, where some of what it is given and gives back is known. It says the rest,
   * and whether it comes to an end.
   */
  #run({ predicate, known }: { predicate: string; known: readonly (Term | undefined)[] }): Outcome {
    const clauses = this.#clausesOf(predicate)
    const [wrapped] = clauses
    const inner = clauses.length === 1 ? wrapped?.calls[0] : undefined
    if (wrapped !== undefined && inner !== undefined && isWrapper(wrapped)) {
      return this.#run({ predicate: inner.predicate, known })
    }
    const begun = this.#begun({ clauses, known })
    const run: Run = { begun, places: new Map(), calls: new Map(), free: new Map() }
    const ends = clauses
      .filter((clause) => !this.#isBeside(clause))
      .map((clause) => this.#pass({ clause, run }))
      .filter(({ isReached }) => isReached !== 'false')
    const well = this.#joined({
      all: ends.filter(({ terms: [error] }) => error === '0'),
      sorts: this.#sortsOf(predicate),
    })
    known.forEach((term, index) => {
      if (index === 0 || term === undefined) return
      if (begun.has(this.#nameAt({ clauses, index }) ?? '')) {
        const isKept = ends.every(({ terms }) => terms[index] === term)
        if (!isKept) throw new Error(`${predicate} lost its way.`)
        return
      }
      const own = well.terms[index]
      if (own === undefined || own === term) return
      this.#assert(['=>', well.isReached, ['=', term, own]])
    })
    return { well, wrong: this.#wrongOf(ends.filter(({ terms: [error] }) => error !== '0')) }
  }

  /** Whether something else goes wrong here than what is asked for. */
  #isBeside({ flows, head }: Clause): boolean {
    const [flow] = flows
    if (flow === undefined) return false
    const failures = this.#clausesOf(flow.predicate).flatMap(({ facts, head: end }) => {
      const error = end.terms[0]
      return facts.flatMap((fact) =>
        typeof fact !== 'string' && fact[0] === '=' && fact[1] === error ? [fact[2]] : [],
      )
    })
    const isFailure = failures.some(
      (number) => typeof number === 'string' && /^[1-9]\d*$/.test(number),
    )
    return isFailure && head.terms[0] !== undefined && !failures.includes(this.#number)
  }

  #numberOf(target: string): string {
    const facts = this.#clausesOf(target).flatMap((clause) => clause.facts)
    const numbers = facts.flatMap((fact) =>
      typeof fact !== 'string' && fact[0] === '=' && typeof fact[2] === 'string' ? [fact[2]] : [],
    )
    const [number] = numbers.filter((text) => /^[1-9]\d*$/.test(text))
    if (number === undefined) throw new Error(`${target} has no number.`)
    return number
  }

  /** What went wrong. Nothing is looked at after that, so the state in which it did is left out. */
  #wrongOf(ends: readonly Place[]): Outcome['wrong'] {
    if (ends.length === 0) return undefined
    const isReached = this.#declare('wrong', 'Bool')
    const error = this.#declare('error', 'Int')
    for (const { isReached: isTaken, terms } of ends) {
      const own = terms[0] ?? ''
      if (typeof own !== 'string' || !(/^[1-9]\d*$/.test(own) || this.#errors.has(own))) {
        throw new Error('An end that is neither well nor wrong.')
      }
      this.#assert(['=>', isTaken, ['=', error, own]])
    }
    this.#errors.add(error)
    this.#assert(['=>', isReached, ['or', 'false', ...ends.map((end) => end.isReached)]])
    return { isReached, error }
  }

  /** The function itself behind its entrance from outside, which only says more of who calls it. */
  #innermost(predicate: string): string {
    const [clause, other] = this.#clausesOf(predicate)
    const [call, second] = clause?.calls ?? []
    const isEntrance = other === undefined && second === undefined
    return isEntrance && call !== undefined && call.terms[0] === clause?.head.terms[0]
      ? this.#innermost(call.predicate)
      : predicate
  }

  /**
   * What a run begins with: what each of its ends still calls by the same name is what it was given. A guess, which #run sees
   * confirmed by the ends themselves.
   */
  #begun({
    clauses,
    known,
  }: {
    clauses: readonly Clause[]
    known: readonly (Term | undefined)[]
  }): Map<string, Term> {
    const begun = new Map<string, Term>()
    const isForwarded = clauses.length === 1 && clauses[0]?.flows.length === 0
    known.forEach((term, index) => {
      const name = this.#nameAt({ clauses, index })
      if (index === 0) return // how it ends
      if (term !== undefined && name !== undefined && (isForwarded || name.endsWith('_0'))) {
        begun.set(name, term)
      }
    })
    return begun
  }

  #nameAt({ clauses, index }: { clauses: readonly Clause[]; index: number }): string | undefined {
    const names = new Set(clauses.map(({ head }) => head.terms[index]))
    const [name] = names
    return names.size === 1 && typeof name === 'string' ? name : undefined
  }

  /** A place in a run: reached by any of the clauses that lead there. */
  #place({ predicate, run }: { predicate: string; run: Run }): Place {
    const known = run.places.get(predicate)
    if (known !== undefined) return known
    const all = this.#clausesOf(predicate).map((clause) => this.#pass({ clause, run }))
    const place = this.#joined({ all, sorts: this.#sortsOf(predicate) })
    run.places.set(predicate, place)
    return place
  }

  #joined({ all, sorts }: { all: readonly Place[]; sorts: readonly Term[] }): Place {
    const ways = all.filter((way) => way.isReached !== 'false')
    const [only, ...others] = ways
    if (only === undefined) return NOWHERE
    if (others.length === 0) return only
    const isReached = this.#declare('reached', 'Bool')
    this.#assert(['=>', isReached, ['or', ...ways.map((way) => way.isReached)]])
    const terms = sorts.map((sort, index) => {
      const given = ways.map((way) => way.terms[index] ?? 'false')
      if (given.every((term) => term === given[0])) return given[0] ?? 'false'
      return given.reduceRight<Term>(
        (no, yes, way) => {
          const condition = ways[way]?.isReached ?? 'false'
          if (!isNumber(sort)) {
            const define = (what: { name: string; sort: Term; term: Term }) => this.#defined(what)
            return this.#values.joined({ condition, yes, no, define })
          }
          const term = either({ condition, yes, no })
          return typeof term === 'string' ? term : this.#defined({ name: 'joined', sort, term })
        },
        given.at(-1) ?? 'false',
      )
    })
    const [first, ...rest] = ways.map((way) => way.facts)
    const facts = [...(first ?? [])].filter((fact) => rest.every((other) => other.has(fact)))
    return { isReached, terms, facts: new Set(facts) }
  }

  /** The way that a clause leads: from where it starts, through all that it calls. */
  #pass({ clause, run }: { clause: Clause; run: Run }): Place {
    const names = new Map<string, Term>()
    const conditions: Term[] = []
    const later: Term[] = [] // of what is not yet known
    const known = new Set<string>() // on the way here
    const [flow, other] = clause.flows
    if (other !== undefined) throw new Error(`${clause.head.predicate} starts in two places.`)
    if (flow !== undefined && this.#isEntry(flow.predicate)) {
      for (const term of flow.terms) {
        const given = run.begun.get(wordOf(term))
        if (given !== undefined) names.set(wordOf(term), given)
      }
      this.#define({ facts: clause.facts, clause, names })
      for (const term of flow.terms) {
        // What a run begins with, and its caller did not say, may be anything.
        const name = wordOf(term)
        if (!names.has(name) && name.endsWith('_0')) this.#name({ name, clause, names })
      }
    } else if (flow !== undefined) {
      const from = this.#place({ predicate: flow.predicate, run })
      if (from.isReached === 'false') return NOWHERE
      conditions.push(from.isReached)
      for (const fact of from.facts) known.add(fact)
      flow.terms.forEach((term, index) => names.set(wordOf(term), from.terms[index] ?? 'false'))
    }

    if (flow === undefined) for (const [name, term] of run.begun) names.set(name, term)

    // Of the clauses that lead on from one place a run takes one, so what they leave open may be the same.
    for (const name of freeIn(clause)) {
      const own = `${flow?.predicate ?? ''} ${name}`
      if (names.has(name)) continue
      const named = run.free.get(own)
      if (named === undefined) run.free.set(own, this.#name({ name, clause, names }))
      else names.set(name, named)
    }

    // solc writes what comes last first.
    let facts = this.#define({ facts: [...clause.facts].reverse(), clause, names })
    for (const { predicate, terms } of [...clause.calls].reverse()) {
      const given = terms.map((term) => this.#knownTerm({ term, clause, names }))
      // Each call comes once in a run, and stands in all the clauses that lead on from behind it.
      const site = [
        predicate,
        ...given.map((term) => (term === undefined ? '' : writeTerm(term))),
      ].join(' ')
      const end = run.calls.get(site) ?? this.#run({ predicate, known: given })
      run.calls.set(site, end)
      const error = wordOf(terms[0])
      if (asks(clause, '>', error)) {
        if (end.wrong === undefined) return NOWHERE
        conditions.push(end.wrong.isReached)
        names.set(error, end.wrong.error)
        continue
      }
      const when = guardOf({ clause, error })
      if (when === undefined) throw new Error(`${predicate} may end in any way.`)
      if (when === 'true' && end.well.isReached === 'false') return NOWHERE
      later.push(['=>', when, end.well.isReached])
      if (when === 'true') for (const fact of end.well.facts) known.add(fact)
      terms.forEach((term, index) => {
        if (given[index] === undefined) names.set(wordOf(term), end.well.terms[index] ?? 'false')
      })
      facts = this.#define({ facts, clause, names })
    }
    for (const name of clause.variables.keys()) {
      if (!names.has(name)) this.#name({ name, clause, names })
    }
    const isReached = this.#declare('taken', 'Bool')
    const own = facts.map((fact) => this.#values.read(replaced(fact, names)))
    const called = later.map((condition) => replaced(condition, names))
    const said = [...conditions, ...called, ...own].flatMap(simplified)
    for (const condition of said) {
      const text = writeTerm(condition)
      if (!known.has(text)) this.#assert(['=>', isReached, condition])
      known.add(text)
    }
    const terms = clause.head.terms.map((term) => replaced(term, names))
    return { isReached, terms, facts: known }
  }

  /** Names what the facts define by what is known already; the facts that are left say more than that. */
  #define({
    facts,
    clause,
    names,
  }: {
    facts: readonly Term[]
    clause: Clause
    names: Map<string, Term>
  }): Term[] {
    let left = [...facts]
    for (let before = -1; before !== left.length;) {
      before = left.length
      left = this.#describe({ facts: left, clause, names })
      left = left.filter((fact) => {
        const [equals, name, term] = typeof fact === 'string' ? [] : fact
        if (equals !== '=' || typeof name !== 'string' || term === undefined) return true
        if (!clause.variables.has(name) || names.has(name)) return true
        const known = this.#knownTerm({ term, clause, names })
        if (known === undefined) return true
        if (typeof known === 'string') names.set(name, known)
        else
          names.set(
            name,
            this.#defined({ name, sort: clause.variables.get(name) ?? '', term: known }),
          )
        return false
      })
    }
    return left
  }

  /** Names the structs that the facts describe field by field. */
  #describe({
    facts,
    clause,
    names,
  }: {
    facts: readonly Term[]
    clause: Clause
    names: Map<string, Term>
  }): Term[] {
    const used = new Set<Term>()
    for (const [name, sort] of clause.variables) {
      if (names.has(name) || isNumber(sort)) continue
      const struct = this.#values.described({ name, sort, facts })
      const term = struct && this.#knownTerm({ term: struct.term, clause, names })
      if (struct === undefined || term === undefined) continue
      names.set(name, this.#defined({ name, sort, term }))
      for (const fact of struct.used) used.add(fact)
    }
    return facts.filter((fact) => !used.has(fact))
  }

  /** One name for one term. */
  #defined({ name, sort, term: said }: { name: string; sort: Term; term: Term }): string {
    const term = this.#values.read(said)
    if (typeof term === 'string') return term
    if (!isNumber(sort)) return this.#values.name(term)
    const text = writeTerm(term)
    const known = this.#definitions.get(text)
    if (known !== undefined) return known
    const own = this.#declare(name, sort)
    this.#assert(['=', own, term])
    this.#definitions.set(text, own)
    return own
  }

  /** The term with known names in it, or nothing where one of them is not known yet. */
  #knownTerm({
    term,
    clause,
    names,
  }: {
    term: Term
    clause: Clause
    names: ReadonlyMap<string, Term>
  }): Term | undefined {
    const isKnown = (part: Term): boolean =>
      typeof part === 'string'
        ? names.has(part) || !clause.variables.has(part)
        : part.every(isKnown)
    return isKnown(term) ? replaced(term, names) : undefined
  }

  #name({
    name,
    clause,
    names,
  }: {
    name: string
    clause: Clause
    names: Map<string, Term>
  }): string {
    const own = this.#declare(name, clause.variables.get(name) ?? '')
    names.set(name, own)
    return own
  }

  /** Whether a function begins here, with anything. */
  #isEntry(predicate: string): boolean {
    const [clause, other] = this.#clausesOf(predicate)
    if (clause === undefined || other !== undefined) return false
    const { flows, calls, facts } = clause
    return flows.length + calls.length + facts.length === 0
  }

  #take(formula: readonly Term[]): void {
    const isQuantified = formula[0] === 'forall'
    const variables = (isQuantified ? listOf(formula[1]) : []).map((variable) => {
      const [name, sort] = listOf(variable)
      return [wordOf(name), sort ?? ''] as const
    })
    const inner = isQuantified ? (formula[2] ?? '') : formula
    const isRule = typeof inner !== 'string' && inner[0] === '=>'
    const said = isRule ? (inner[2] ?? '') : inner
    if (said === 'false') return // the question itself
    const head = this.#atomOf(said)
    if (head === undefined) throw new Error('A clause leads nowhere.')
    const body = isRule ? conjunctsOf(withoutBits(inner[1] ?? '')) : []
    const atoms = body.flatMap((term) => this.#atomOf(term) ?? [])
    const known = atoms.filter(({ predicate }) => !INTERFACE.test(predicate))
    const flows = known.filter(({ predicate }) => !SUMMARY.test(predicate))
    const facts = body.filter((term) => this.#atomOf(term) === undefined)
    if (facts.some((fact) => this.#mentionsPredicate(fact))) throw new Error('A clause asks "or".')
    const clause: Clause = {
      variables: new Map(variables),
      flows,
      calls: known.filter(({ predicate }) => SUMMARY.test(predicate)),
      facts,
      head,
    }
    this.#clauses.set(head.predicate, [...this.#clausesOf(head.predicate), clause])
  }

  #atomOf(term: Term): Atom | undefined {
    const [name, ...terms] = typeof term === 'string' ? [term] : term
    if (typeof name !== 'string' || !this.#sorts.has(name)) return undefined
    return { predicate: name, terms }
  }

  #mentionsPredicate(term: Term): boolean {
    return typeof term === 'string'
      ? this.#sorts.has(term)
      : term.some((part) => this.#mentionsPredicate(part))
  }

  #clausesOf(predicate: string): Clause[] {
    return this.#clauses.get(predicate) ?? []
  }

  #sortsOf(predicate: string): readonly Term[] {
    return this.#sorts.get(predicate) ?? []
  }

  #declare(name: string, sort: Term): string {
    const own = `${name}#${this.#count++}`
    this.#lines.push(`(declare-const |${own}| ${writeTerm(sort)})`)
    return own
  }

  #assert(term: Term): void {
    this.#lines.push(`(assert ${writeTerm(this.#values.spelled(this.#values.read(term)))})`)
  }
}

/** What a condition says, without what says nothing. */
function simplified(condition: Term): Term[] {
  return conjunctsOf(condition).flatMap((part) => {
    if (typeof part === 'string') return [part]
    const [head, left = '', right = ''] = part
    if (head === '=' && writeTerm(left) === writeTerm(right)) return []
    return head === '=>' && conjunctsOf(left).length === 0 ? simplified(right) : [part]
  })
}

/** The variables of which a clause never says what they are. */
function freeIn({ variables, flows, calls, facts, head }: Clause): string[] {
  const said = new Set<unknown>([...flows, ...calls, head].flatMap(({ terms }) => terms))
  for (const fact of facts) {
    const [equals, left] = typeof fact === 'string' ? [] : fact
    if (equals === '=') said.add(typeof left === 'string' ? left : left?.[1])
  }
  return [...variables.keys()].filter((name) => !said.has(name))
}

/** Whether this only gives another name to what it calls. */
function isWrapper({ flows, calls, facts, head }: Clause): boolean {
  const [call, other] = calls
  if (call === undefined || other !== undefined || flows.length + facts.length > 0) return false
  return writeTerm(call.terms) === writeTerm(head.terms)
}

/** When a call must end well: always, or where it stands behind `&&`, `||` or `?`, when it is really made. */
function guardOf({ clause, error }: { clause: Clause; error: string }): Term | undefined {
  if (asks(clause, '=', error)) return 'true'
  const guarded = clause.facts.find((fact) => {
    const [arrow, , said] = typeof fact === 'string' ? [] : fact
    return arrow === '=>' && said !== undefined && writeTerm(said) === `(= ${error} 0)`
  })
  return typeof guarded === 'string' ? undefined : guarded?.[1]
}

function asks({ facts }: Clause, comparison: string, error: string): boolean {
  return facts.some(
    (fact) =>
      typeof fact !== 'string' && fact[0] === comparison && fact[1] === error && fact[2] === '0',
  )
}
