import type { HeldCoupon } from '@coupon-secure/protocol/coupon'
import { hashWorker } from '@coupon-secure/protocol/worker'
import { expect } from 'chai'
import { type Hex, hashTypedData } from 'viem'
import { bindWorker, boundWorker, type WorkerToSign } from './worker.ts'

const NOW = 1_800_000_000
const pocket = {
  chainId: 31337,
  book: '0x22962f573256D13222749Ad5cB8C86a96eB4955E',
  holder: '0x337201b5882056C2404587bda79e8Bbd61FB0EB5',
} as const
const root = `0x${'0a'.repeat(32)}` as const
const coupon: HeldCoupon = {
  campaignId: 2n,
  serial: 7n,
  holder: pocket.holder,
  proof: [root],
  root,
}

describe('bindWorker', () => {
  let asked: { url: string; body: unknown }[]
  let signed: WorkerToSign[]
  let kept: Map<string, string>

  beforeEach(() => {
    asked = []
    signed = []
    kept = new Map()
  })

  const shelf = () => ({
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  })
  const bind = ({ workerHandle = 'worker-1', answer = { isBound: true } as unknown }) =>
    bindWorker({
      url: 'https://oracle.example',
      fetch: (url, init) => {
        asked.push({ url, body: JSON.parse(typeof init.body === 'string' ? init.body : '') })
        return answer instanceof Error
          ? Promise.reject(answer)
          : Promise.resolve(Response.json(answer))
      },
      shelf: shelf(),
      pocket,
      coupon,
      workerHandle,
      now: NOW,
      sign: (worker) => {
        signed.push(worker)
        return Promise.resolve('0x01' as Hex)
      },
    })

  it('signs what the oracle checks, sends it with a coupon, and remembers the handle', async () => {
    expect(await bind({})).to.deep.equal({ ok: true })
    const [{ domain, types, message }] = signed as [WorkerToSign]
    const worker = { holder: pocket.holder, workerHandle: 'worker-1', issuedAt: BigInt(NOW) }
    expect(hashTypedData({ domain, types, message, primaryType: 'Worker' })).to.equal(
      hashWorker({ ...pocket, worker }),
    )
    expect(asked).to.deep.equal([
      {
        url: 'https://oracle.example/v1/workers',
        body: {
          ...pocket,
          campaignId: '2',
          serial: '7',
          proof: [root],
          workerHandle: 'worker-1',
          issuedAt: NOW,
          signature: '0x01',
        },
      },
    ])
    expect(boundWorker({ shelf: shelf(), pocket })).to.equal('worker-1')
  })

  it('forgets it when it is taken back', async () => {
    await bind({})
    expect(await bind({ workerHandle: '', answer: { isBound: false } })).to.deep.equal({ ok: true })
    expect(boundWorker({ shelf: shelf(), pocket })).to.equal(undefined)
  })

  it('signs each later than the one before, whoever is quick; and by the clock again where that went wrong', async () => {
    await bind({})
    await bind({ workerHandle: '', answer: { isBound: false } })
    const [name] = [...kept.keys()]
    kept.set(name!, String(NOW + 3600))
    await bind({})
    const times = signed.map(({ message }) => Number(message.issuedAt))
    expect(times).to.deep.equal([NOW, NOW + 1, NOW])
  })

  it('asks nobody to sign what cannot be bound', async () => {
    const bound = await bind({ workerHandle: '../x' })
    expect(bound).to.have.nested.property('failure.code', 'WORKER_HANDLE_INVALID')
    expect(signed).to.deep.equal([])
  })

  it('says in a sentence what went wrong, and remembers nothing', async () => {
    const error = { code: 'WORKER_TAKEN', message: 'Taken.', requestId: 'r' }
    for (const [answer, code] of [
      [{ error }, 'WORKER_TAKEN'],
      [{ strange: true }, 'ORACLE_ANSWER_STRANGE'],
      [new TypeError('fetch failed'), 'ORACLE_AWAY'],
    ] as const) {
      const bound = await bind({ answer })
      expect(!bound.ok && bound.failure.code).to.equal(code)
      expect(!bound.ok && bound.failure.sentence).to.match(/^[A-Z].*\.$/)
    }
    expect(boundWorker({ shelf: shelf(), pocket })).to.equal(undefined)
  })
})
