import { FIRST_STANDBY_SHARD } from '@coupon-secure/protocol/coupon'
import { CLASSES } from '@coupon-secure/protocol/presence'
import { explainErrorData } from '../../chain/explain-revert.ts'
import type { Entry } from './history.ts'

/** What an entry says in words; addresses, times and names are drawn beside it. */
export function sentenceOf(entry: Entry): string {
  switch (entry.kind) {
    case 'campaign':
      return `Campaign made, ${count({ number: entry.terms.supply, one: 'coupon' })} at most, ${placesText(entry.terms.sites)}.`
    case 'terms':
      return `Terms changed: ${count({ number: entry.terms.supply, one: 'coupon' })} at most, ${placesText(entry.terms.sites)}.`
    case 'issue': {
      const one = entry.firstShard < FIRST_STANDBY_SHARD ? 'coupon' : 'standby coupon'
      return `${count({ number: BigInt(entry.holders.length), one })} issued, from shard ${entry.firstShard} on.`
    }
    case 'redemption':
      return entry.site === 0 ? 'Coupon used.' : `Coupon used at site ${entry.site}.`
    case 'refusal':
      return `Not used, and skipped in its batch. ${explainErrorData(entry.why).sentence}`
    case 'revocation':
      return entry.reason === ''
        ? 'Coupon taken back, no reason given.'
        : `Coupon taken back: “${entry.reason}”.`
    case 'reallotment':
      return `Given instead of coupon no. ${entry.replaced}, which was taken back.`
    case 'pause':
      return 'Paused: nothing can be used until it goes on.'
    case 'resumption':
      return 'It goes on, with the time that was lost given back.'
    case 'release':
      return `${count({ number: entry.unused, one: 'unused coupon' })} in ${count({ number: entry.shards, one: 'shard' })} released for standby and late holders.`
    case 'counting':
      return `Over: ${count({ number: entry.unused, one: 'coupon' })} unused in ${count({ number: entry.shards, one: 'shard' })}; others are still to be counted.`
    case 'closing':
      return `Closed: ${entry.issued} issued = ${entry.redeemed} redeemed + ${entry.revoked} revoked + ${entry.unused} unused.`
    case 'witness':
      return `Witness added: ${classesText(entry.classes)}${entry.site === 0 ? ', at every site' : `, at site ${entry.site} only`}.`
    case 'witness-removed':
      return 'Witness removed; nothing it signed counts any more.'
    case 'book':
      return BOOK_SENTENCES[entry.event] ?? `${entry.event}.`
  }
}

/** Witness classes in words. */
export function classesText(classes: number): string {
  const words = [
    ...((classes & CLASSES.location) !== 0 ? ['location oracle'] : []),
    ...((classes & CLASSES.counter) !== 0 ? ['counter'] : []),
  ]
  const unknown = classes & ~(CLASSES.location | CLASSES.counter)
  return [...words, ...(unknown === 0 ? [] : [`class ${unknown}`])].join(' and ') || 'nothing'
}

const BOOK_SENTENCES: Record<string, string> = {
  ContractURIUpdated: 'The organiser changed where to find the book’s name and contact.',
  DefaultAdminDelayChangeCanceled: 'A change of the hand-over delay was called off.',
  DefaultAdminDelayChangeScheduled: 'A change of the hand-over delay was announced.',
  DefaultAdminTransferCanceled: 'The hand-over to a new admin was called off.',
  DefaultAdminTransferScheduled: 'The book is being handed to a new admin.',
  EIP712DomainChanged: 'The signing domain changed.',
  Initialized: 'The book was set up.',
  RoleAdminChanged: 'Who may give a role changed.',
  RoleGranted: 'A role was given.',
  RoleRevoked: 'A role was taken away.',
}

function placesText(sites: number): string {
  return sites === 0 ? 'anywhere' : count({ number: BigInt(sites), one: 'site' })
}

function count({ number, one }: { number: bigint; one: string }): string {
  return `${number.toLocaleString('en-GB')} ${one}${number === 1n ? '' : 's'}`
}
