import { getAddress, isAddress } from 'viem'
import { type Filter, KINDS } from './history.ts'

/** What a person typed into the filter, as the page's address carries it; `source` is `chain` where they want no index between. */
export type FilterText = {
  kind: string
  campaign: string
  holder: string
  serial: string
  source: string
}

type Problem = { code: string; message: string }

const LARGEST_SERIAL = 2n ** 96n - 1n

/** The texts in the page's address. */
export function textsIn(search: { get: (name: string) => string | null }): FilterText {
  const text = (name: string) => search.get(name) ?? ''
  return {
    kind: text('kind'),
    campaign: text('campaign'),
    holder: text('holder'),
    serial: text('serial'),
    source: text('source'),
  }
}

/** The page's address for these texts; what is empty is left out. */
export function searchOf(texts: FilterText): string {
  const filled = Object.entries(texts).filter(([, text]) => text !== '')
  return filled.length === 0 ? '' : `?${new URLSearchParams(filled).toString()}`
}

/** What the texts ask for, and what is wrong with them; a text that makes no sense filters nothing. */
export function filterFrom({ kind, campaign, holder, serial }: Omit<FilterText, 'source'>): {
  filter: Filter
  problems: { holder?: Problem; serial?: Problem }
} {
  const isHolder = isAddress(holder.trim())
  const isSerial = /^\d{1,29}$/.test(serial.trim()) && BigInt(serial) <= LARGEST_SERIAL
  return {
    filter: {
      kind: isKind(kind) ? kind : undefined,
      campaignId: /^\d{1,78}$/.test(campaign) ? BigInt(campaign) : undefined,
      holder: isHolder ? getAddress(holder.trim()) : undefined,
      serial: isSerial ? BigInt(serial) : undefined,
    },
    problems: {
      ...(holder.trim() !== '' &&
        !isHolder && {
          holder: {
            code: 'ADDRESS_INVALID',
            message: 'An address is 0x and 40 hexadecimal digits.',
          },
        }),
      ...(serial.trim() !== '' &&
        !isSerial && {
          serial: { code: 'SERIAL_INVALID', message: 'A coupon’s number is made of digits only.' },
        }),
    },
  }
}

function isKind(text: string): text is keyof typeof KINDS {
  return Object.hasOwn(KINDS, text)
}
