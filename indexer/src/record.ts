import type { Context, Event } from 'ponder:registry'
import schema from 'ponder:schema'
import { isHex } from 'viem'

type BookEvent = Extract<Event, { log: object }>

/** Where and when an event happened, as most tables say it. */
export function placeOf({ log, block, transaction }: BookEvent) {
  return {
    book: log.address,
    block: block.number,
    logIndex: log.logIndex,
    at: block.timestamp,
    transaction: transaction.hash,
  }
}

/** Keeps an event as it is on the chain. */
export async function keep({ event, context }: { event: BookEvent; context: Context }) {
  const { data } = event.log
  // What Ponder read in the past has four, absent ones as null, whatever its types say.
  const topics = event.log.topics.filter((topic) => isHex(topic))
  await context.db.insert(schema.log).values({ ...placeOf(event), topics, data })
}
