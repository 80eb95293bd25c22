/** What to tell a person when a request could not be done, by its code; `error.message` says the same. */
export const errorSentenceFor = {
  ACCURACY_INVALID: 'The accuracy must be a number of metres above zero.',
  ADDRESS_CHECKSUM: 'The address has a wrong checksum; copy it again.',
  ADDRESS_INVALID: 'An address is 0x and 40 hexadecimal digits.',
  ADDRESS_ZERO: 'The zero address belongs to nobody.',
  BALANCE_LOW:
    'The relayer has no money left to send coupons. Yours is not used; have somebody else send it.',
  BODY_EMPTY: 'Send a JSON body.',
  BODY_NOT_OBJECT: 'The body must be one JSON object.',
  BODY_TOO_LARGE: 'The body is too large.',
  BOOK_UNKNOWN: 'No such book was made by the factory this service knows.',
  BUDGET_SPENT:
    'The relayer has spent what it may in a day. Your coupon is not used; have somebody else send it.',
  BUSY: 'Too much is going on here. Your coupon is safe; try again in a moment.',
  CHAIN_UNAVAILABLE: 'The network cannot be reached. Your coupon is safe; try again.',
  CHAIN_UNSUPPORTED: 'This service is for another network.',
  CHALLENGE_EXPIRED: 'This request took too long. Start again.',
  CHALLENGE_FOR_ANOTHER: 'This challenge was given for another coupon or holder. Start again.',
  CHALLENGE_UNKNOWN: 'This oracle gave no such challenge. Start again.',
  CHALLENGE_USED: 'This request was already used. Start again.',
  CLOCK_WRONG:
    'The service’s clock is wrong, so it decides nothing. Your coupon is safe; tell the organiser.',
  CONTENT_TYPE: 'Send JSON, as application/json.',
  DEVICE_SERVICE_UNAVAILABLE:
    'The service that knows your device does not answer. Your coupon is safe; try again in a minute.',
  ENCODING_UNSUPPORTED: 'Send the body uncompressed.',
  FIELD_FORBIDDEN: 'The body has a field that is never allowed.',
  FIELD_INVALID: 'A field has a value that it cannot have.',
  FIELD_MISSING: 'A field is missing.',
  FIELD_UNKNOWN: 'The body has a field that is not known.',
  GEOFENCE_MISMATCH: 'The campaign uses another geofence.',
  GEOFENCE_UNKNOWN: 'This oracle knows no geofence with that hash.',
  HEX_INVALID: 'A field must be 0x and the right number of hexadecimal digits.',
  INTERNAL: 'The service failed. Nothing was used up; try again.',
  JSON_INVALID: 'The body is not valid JSON.',
  LATITUDE_INVALID: 'The latitude must be a number between -90 and 90.',
  LOG_ENTRY_UNKNOWN: 'The log has no such entry.',
  LOG_TOO_SHORT: 'The log does not have that many entries.',
  LONGITUDE_INVALID: 'The longitude must be a number between -180 and 180.',
  METHOD: 'This address does not answer that method.',
  NOT_A_HOLDER: 'Only a holder of such a coupon may ask for that.',
  NOT_FOUND: 'There is nothing at this address.',
  NUMBER_INVALID:
    'A field must be a whole number in its range; big ones are text of decimal digits.',
  ORIGIN_FORBIDDEN: 'This service does not answer pages from that origin.',
  RATE_LIMITED: 'Too many requests. Wait a moment and try again.',
  PAIRING_EXPIRED: 'This code is over: it is good for five minutes. Make a new one.',
  PAIRING_OVER: 'This code has been used. Make a new one.',
  PAIRING_TAKEN:
    'Another browser has opened this code already. If that was not you, make a new one.',
  PAIRING_UNKNOWN: 'There is no such code. Look at it again, or make a new one.',
  READERS_ONLY: 'Only holders of a coupon that uses this geofence may read it.',
  REDEMPTION_UNKNOWN: 'This relayer knows no such redemption.',
  SESSION_EXPIRED: 'Your sign-in has expired. Sign in again.',
  SESSION_TOO_LONG: 'A sign-in may last seven days at most. Sign in again.',
  SIGNATURE_INVALID: 'The signature is not the holder’s, or is over something else.',
  STORE_UNAVAILABLE: 'The service cannot reach its database. Your coupon is safe; try again.',
  SOURCE_NOT_OFFERED: 'This oracle cannot read managed devices. Use your phone’s own position.',
  TIMESTAMP_INVALID: 'A time must be a whole number.',
  TIMESTAMP_UNIT: 'A time has the wrong unit: positions use milliseconds, the rest seconds.',
  WORKER_BINDING_OLD: 'This was signed too long ago, or before what is known already. Sign again.',
  WORKER_HANDLE_INVALID: 'That is no name of a tracking app’s account. Copy it from the app again.',
  WORKER_TAKEN: 'This tracking app’s account is bound to somebody else in this book.',
} as const satisfies Record<string, string>

/** Why a request could not be done. */
export type ErrorCode = keyof typeof errorSentenceFor

/** Why a field is not what it must be. */
export type FieldCode = Extract<
  ErrorCode,
  | `${'ACCURACY' | 'ADDRESS' | 'FIELD' | 'HEX' | 'LATITUDE' | 'LONGITUDE' | 'NUMBER' | 'TIMESTAMP'}_${string}`
  | 'WORKER_HANDLE_INVALID'
  | 'BODY_NOT_OBJECT'
>
