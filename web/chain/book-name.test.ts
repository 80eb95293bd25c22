import { couponBookFactoryAbi } from '@coupon-secure/protocol/abi'
import { expect } from 'chai'
import { encodeAbiParameters, getAbiItem, toEventSelector } from 'viem'
import { BOOK_CREATED, bookNameOf } from './book-name.ts'

const book = '0x22962f573256D13222749Ad5cB8C86a96eB4955E'
const factory = '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512'
const config = { rpcUrl: 'https://chain.example', factory, factoryBlock: 255n } as const
const event = getAbiItem({ abi: couponBookFactoryAbi, name: 'BookCreated' })
const logOf = (name: string) => ({ data: encodeAbiParameters([{ type: 'string' }], [name]) })

describe('bookNameOf', () => {
  const ask = async (answer: unknown) => {
    const asked: unknown[] = []
    const name = await bookNameOf({
      config,
      book,
      fetch: (url, init) => {
        asked.push([url, JSON.parse(init?.body as string)])
        return answer instanceof Error
          ? Promise.reject(answer)
          : Promise.resolve(Response.json(answer))
      },
    })
    return { name, asked }
  }

  it('asks the factory’s logs for the very event of the very book', async () => {
    const { asked } = await ask({ result: [] })
    expect(BOOK_CREATED).to.equal(toEventSelector(event))
    const topics = [BOOK_CREATED, `0x000000000000000000000000${book.slice(2).toLowerCase()}`]
    const params = [{ address: factory, topics, fromBlock: '0xff', toBlock: 'latest' }]
    const call = { jsonrpc: '2.0', id: 1, method: 'eth_getLogs', params }
    expect(asked).to.deep.equal([['https://chain.example', call]])
    expect(event.inputs.map(({ name, type, indexed }) => [name, type, indexed])).to.deep.equal([
      ['book', 'address', true],
      ['creator', 'address', true],
      ['name', 'string', false],
    ])
  })

  for (const name of ['Campus hackathon', 'क', 'عید میلہ', 'x'.repeat(32), 'y'.repeat(33), '']) {
    it(`reads the name ${JSON.stringify(name.slice(0, 16))} of ${name.length}`, async () => {
      expect((await ask({ result: [logOf(name)] })).name).to.equal(name)
    })
  }

  const { data } = logOf('Campus hackathon')
  for (const [what, answer] of [
    ['no such book', { result: [] }],
    ['two of them', { result: [logOf('a'), logOf('b')] }],
    ['an error', { error: { code: -32005, message: 'range too large' } }],
    ['nothing', null],
    ['a name that is cut', { result: [{ data: data.slice(0, 2 + 2 * 70) }] }],
    ['a length beyond the end', { result: [{ data: data.replace('10', 'ff') }] }],
    ['no hexadecimal', { result: [{ data: data.replace('43', 'zz') }] }],
    ['bytes that are no text', { result: [{ data: data.replace('43', 'ff') }] }],
    ['a line that drops', new TypeError('the line dropped')],
  ] as const) {
    it(`leaves ${what} to who can say what is wrong`, async () => {
      expect((await ask(answer)).name).to.equal(undefined)
    })
  }
})
