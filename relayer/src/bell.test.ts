import { expect } from 'chai'
import { createBell } from './bell.ts'

const FOR_EVER = 600_000 // longer than a test may take

describe('a bell', () => {
  it('wakes all who wait', async () => {
    const bell = createBell()
    const waits = [bell.listen()(FOR_EVER), bell.listen()(FOR_EVER)]
    bell.ring()
    await Promise.all(waits)
  })

  it('is heard by who listened and was busy while it rang', async () => {
    const bell = createBell()
    const waitFor = bell.listen()
    bell.ring()
    await waitFor(FOR_EVER)
  })

  it('is not heard by who listens only afterwards', async () => {
    const bell = createBell()
    bell.ring()
    const waitFor = bell.listen()
    const woken = await Promise.race([
      waitFor(FOR_EVER).then(() => 'by the bell'),
      new Promise((resolve) => setTimeout(resolve, 20, 'by nobody')),
    ])
    bell.ring() // so that no timer is left
    expect(woken).to.equal('by nobody')
  })
})
