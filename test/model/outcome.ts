// What comes of a call.

/** An argument of an error or event; structs are lists in the order of their fields, and errors kept as bytes are read. */
export type Value = bigint | string | readonly Value[] | Fault

/** A named error and its arguments. */
export type Fault = { error: string; args: readonly Value[] }

/** An event and its arguments, in the order of the interface. */
export type Happening = { event: string; args: readonly Value[] }

/** A call fails whole, or happens whole: `returns` is what it answers. */
export type Outcome =
  { fault: Fault } | { fault?: undefined; events: readonly Happening[]; returns: readonly Value[] }

/** Ends a call: nothing of it happens. */
export class Refused extends Error {
  readonly fault: Fault
  constructor(fault: Fault) {
    super(fault.error)
    this.fault = fault
  }
}

/** Ends a call with this error. */
export function refuse(fault: Fault): never {
  throw new Refused(fault)
}

/** A value that is a number. */
export function asBig(value: Value | undefined): bigint {
  if (typeof value === 'bigint') return value
  throw new TypeError(`A ${typeof value} is no number.`)
}

/** A value that is text: an address, a hash, a name. */
export function asText(value: Value | undefined): string {
  if (typeof value === 'string') return value
  throw new TypeError(`A ${typeof value} is no text.`)
}

/** A value that is a list. */
export function asList(value: Value | undefined): readonly Value[] {
  if (Array.isArray(value)) return value
  throw new TypeError(`A ${typeof value} is no list.`)
}
