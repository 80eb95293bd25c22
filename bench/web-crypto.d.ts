import type { webcrypto } from 'node:crypto'

declare global {
  // What browsers call it; Node's own types know the value alone, and the web's code is run here as it is.
  type CryptoKey = webcrypto.CryptoKey
}
