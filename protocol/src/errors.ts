/** The one ancestor of our thrown errors: a sentence for people, a place in the docs, the cause kept. */
export class CouponSecureError extends Error {
  override name = 'CouponSecureError'
  readonly docs: string | undefined

  constructor(message: string, { docs, cause }: { docs?: string; cause?: unknown } = {}) {
    super(message, { cause })
    this.docs = docs
  }
}
