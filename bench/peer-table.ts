import type { PeerFigures } from './peer-figures.ts'

/** The peers' figures as rows for `console.table`, under short names. */
export function rowsOf(peers: Record<string, PeerFigures>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(peers).map(([name, it]) => [
      name,
      {
        'new event': it.newEvent,
        'allot 1': it.allotEach1,
        '100, each': it.allotEach100,
        '10,200, each': it.allotEach10200,
        transactions: it.allotTransactions10200,
        'redeem first': it.redeemFirst,
        later: it.redeemLater,
        bytes: it.redeemBytes,
        'OP bytes': it.redeemL2.opStack,
        'batch of 100, each': it.batch100Each ?? 'none',
        'checks place': 'no',
      },
    ]),
  )
}

/** Where each peer came from and how it was measured, a line each. */
export function notesOf(peers: Record<string, PeerFigures>): string[] {
  return Object.entries(peers).map(([name, { source, note }]) => `${name}: ${source}. ${note}`)
}
