import { setImmediate as turnOfLoop, setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { grouped } from './grouped.ts'

describe('grouped', () => {
  const lots: string[][] = []
  const doAll = async (lot: readonly string[]) => {
    lots.push([...lot])
    await sleep(1)
    if (lot.includes('poison')) throw new Error('poison')
    return lot.map((one) => `${one} is done`)
  }
  const ask = grouped({ keysOf: (asked: string) => asked.split(' '), doAll })
  beforeEach(() => void lots.splice(0))

  it('lets a single one wait for the turn of the loop alone', async () => {
    const asked = ask('a')
    await turnOfLoop()
    await Promise.resolve()
    expect(lots).to.deep.equal([['a']])
    expect(await asked).to.equal('a is done')
  })

  it('does together what comes while it is busy, in its order, and gives everybody their own answer', async () => {
    const first = ask('a')
    await turnOfLoop()
    await Promise.resolve()
    const answers = await Promise.all([first, ...['d', 'c', 'b'].map((one) => ask(one))])
    expect(answers).to.deep.equal(['a is done', 'd is done', 'c is done', 'b is done'])
    expect(lots).to.deep.equal([['a'], ['d', 'c', 'b']])
  })

  it('never does two with a key in common at once', async () => {
    await Promise.all(['a', 'b', 'b', 'c', 'b'].map((one) => ask(one)))
    expect(lots).to.deep.equal([['a', 'b', 'c'], ['b'], ['b']])
    lots.splice(0)
    await Promise.all(['a', 'b c', 'c d', 'd', 'e'].map((one) => ask(one)))
    expect(lots, 'nor lets anybody overtake').to.deep.equal([['a', 'b c', 'e'], ['c d'], ['d']])
  })

  it('fails for whom it fails, and for nobody else', async () => {
    const outcomes = await Promise.allSettled(['a', 'b', 'poison', 'c'].map((one) => ask(one)))
    expect(outcomes.map(({ status }) => status)).to.deep.equal([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
  })

  it('keeps a lot to 256', async () => {
    await Promise.all(Array.from({ length: 300 }, (_, index) => ask(`${index}`)))
    expect(lots.map((lot) => lot.length)).to.deep.equal([256, 44])
  })
})
