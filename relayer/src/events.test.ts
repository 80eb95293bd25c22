import { expect } from 'chai'
import {
  redemptionStatusSchema,
  type RedemptionStatus,
} from '@coupon-secure/protocol/wire-redemption'
import { openBook, sharedWorld, type World } from './rehearsal.ts'
import { rehearse } from './rehearsal-relayer.ts'

type Event = { id: number; status: RedemptionStatus }

describe('GET /v1/redemptions/:digest/events', function () {
  this.timeout(60_000)
  let world: World
  let book: Awaited<ReturnType<typeof openBook>>
  let relayer: Awaited<ReturnType<typeof rehearse>>
  let seat = 0
  let isStopping = false
  before(async () => {
    world = await sharedWorld()
    book = await openBook(world)
    const app = { isStopping: () => isStopping, mostStreams: 3 }
    relayer = await rehearse({ world, key: await world.fundedKey(), finalAfter: 1, app })
  })
  after(() => relayer.close())

  const watch = (digest: string, lastId?: number) =>
    relayer.ask(`/v1/redemptions/${digest}/events`, {
      headers: lastId === undefined ? {} : { 'last-event-id': lastId.toString() },
    })
  /** The events of a stream to its end. */
  const eventsIn = async (response: Response): Promise<Event[]> =>
    [...(await response.text()).matchAll(/^data: (.*)\nid: (\d+)$/gm)].map(([, data = '', id]) => {
      return { id: Number(id), status: redemptionStatusSchema.parse(JSON.parse(data)) }
    })

  it('tells each change with its number, and ends when it is final', async () => {
    const { digest } = await relayer.take(await book.signed({ seat: (seat += 1) }))
    const stream = await watch(digest)
    expect(stream.headers.get('content-type')).to.match(/^text\/event-stream/)
    const telling = eventsIn(stream)
    await relayer.workUntil({ digest, state: 'confirmed' })
    await new Promise((resolve) => setTimeout(resolve, 400))
    await world.ask('anvil_mine', '0x1')
    await relayer.workUntil({ digest, state: 'final' })
    const events = await telling
    const states = events.map(({ status }) => status.state)
    expect(states.slice(-2)).to.deep.equal(['confirmed', 'final'])
    expect(events.every(({ id, status }) => id === status.version)).to.equal(true)
    expect(events.map(({ id }) => id)).to.deep.equal(events.map(({ id }) => id).sort())

    const middle = events.at(-2)!
    const rest = await eventsIn(await watch(digest, middle.id))
    expect(rest, 'who comes back hears what is new').to.deep.equal(events.slice(-1))
    const over = await watch(digest, events.at(-1)!.id)
    expect(over.status, 'and then that there is no more').to.equal(204)
    expect(await eventsIn(await watch(digest, NaN))).to.deep.equal(events.slice(-1))
  })

  it('says how soon to come back, and knows nothing of what nobody brought', async () => {
    const { digest } = await relayer.take(await book.signed({ seat: (seat += 1) }))
    await relayer.workUntil({ digest, state: 'confirmed' })
    await world.ask('anvil_mine', '0x1')
    await relayer.workUntil({ digest, state: 'final' })
    expect(await (await watch(digest)).text()).to.match(/^retry: 1000\n\n/)
    for (const unknown of [`0x${'7'.repeat(64)}`, '0x7', 'x']) {
      expect((await watch(unknown)).status).to.equal(404)
    }
  })

  it('ends when the relayer takes its leave, and takes no more streams than it can hold', async () => {
    const { digest } = await relayer.take(await book.signed({ seat: (seat += 1) }))
    const streams = [await watch(digest), await watch(digest), await watch(digest)]
    expect((await watch(digest)).status).to.equal(503)
    isStopping = true
    const ends = await Promise.all(streams.map(eventsIn))
    expect(ends.map((events) => events.at(-1)?.status.state)).to.deep.equal(
      Array(3).fill('waiting'),
    )
    isStopping = false
  })
})
