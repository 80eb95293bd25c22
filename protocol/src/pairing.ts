/** How long two browsers may be joined, in seconds. */
export const PAIRING_SECONDS = 300

/** How many random bytes a code is made of. */
export const PAIRING_BYTES = 15

// Crockford's: no I, L, O or U, so that nobody mistakes one for another, or reads a word.
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const GROUP = 4

/** A new code (docs/protocol.md#pairing), a secret: of each random byte five bits, and a digit that tells a slip of the pen. */
export function pairingCodeOf(random: Uint8Array): string {
  const digits = Array.from(random.slice(0, PAIRING_BYTES), (byte) => byte % DIGITS.length)
  return textOf([...digits, checkOf(digits)])
}

/** The code in what somebody typed, or at the end of an address; undefined where there is none or a digit of it is wrong. */
export function readPairingCode(given: string): string | undefined {
  const text = given
    .slice(given.indexOf('#') + 1)
    .toUpperCase()
    .replaceAll(/[\s-]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
  const digits = Array.from(text, (digit) => DIGITS.indexOf(digit))
  if (digits.length !== PAIRING_BYTES + 1 || digits.includes(-1)) return undefined
  const isWhole = checkOf(digits.slice(0, PAIRING_BYTES)) === digits[PAIRING_BYTES]
  return isWhole ? textOf(digits) : undefined
}

// Odd weights, so that every wrong digit is seen, and of two neighbours that changed places all but those 16 apart.
function checkOf(digits: readonly number[]): number {
  return digits.reduce((sum, digit, place) => sum + digit * (2 * place + 1), 0) % DIGITS.length
}

function textOf(digits: readonly number[]): string {
  const text = digits.map((digit) => DIGITS.charAt(digit)).join('')
  return text.replaceAll(new RegExp(`.{${GROUP}}(?=.)`, 'g'), '$&-')
}
