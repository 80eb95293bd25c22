import { expect } from 'chai'
import { shared } from './receiver.ts'

/** A device that says what a test has it say. */
function device() {
  const asked: { onFix: PositionCallback; onError?: PositionErrorCallback | null | undefined }[] =
    []
  const cleared: number[] = []
  const locator = shared({
    watchPosition: (onFix, onError) => asked.push({ onFix, onError }),
    clearWatch: (watch) => cleared.push(watch),
  })
  const tell = (timestamp: number) => asked.at(-1)?.onFix({ timestamp } as GeolocationPosition)
  const fail = (code: number) => asked.at(-1)?.onError?.({ code } as GeolocationPositionError)
  return { locator, asked, cleared, tell, fail }
}

describe('shared', () => {
  it('asks the device once for all, and tells everybody', async () => {
    const { locator, asked, tell, fail } = device()
    const heard: (number | string)[] = []
    const listen = (name: string) =>
      locator.watchPosition(
        ({ timestamp }) => heard.push(`${name} ${timestamp}`),
        ({ code }) => heard.push(`${name} failed ${code}`),
      )
    listen('one')
    tell(1)
    listen('other')
    await Promise.resolve()
    expect(heard, 'who comes later hears what is known').to.deep.equal(['one 1', 'other 1'])
    tell(2)
    fail(3)
    expect(heard.slice(2)).to.deep.equal(['one 2', 'other 2', 'one failed 3', 'other failed 3'])
    expect(asked).to.have.length(1)
  })

  it('lets the device rest when nobody looks any more, and forgets what it said', async () => {
    const { locator, asked, cleared, tell } = device()
    const heard: number[] = []
    const watches = [1, 2].map(() =>
      locator.watchPosition(({ timestamp }) => heard.push(timestamp)),
    )
    tell(1)
    locator.clearWatch(watches[0]!)
    expect(cleared).to.deep.equal([])
    tell(2)
    locator.clearWatch(watches[1]!)
    locator.clearWatch(watches[1]!)
    expect(cleared).to.deep.equal([1])
    tell(3)
    locator.watchPosition(({ timestamp }) => heard.push(timestamp))
    await Promise.resolve()
    expect(asked).to.have.length(2)
    expect(heard).to.deep.equal([1, 1, 2])
  })
})
