import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { Wallet } from 'ethers'
import { KeyUnreadableError } from '@coupon-secure/service/errors'
import { runKeyCommand } from './key-command.ts'
import { signersAt } from './key.ts'
import { writeNewKeystore } from './keystore-write.ts'

const password = 'correct horse battery'
const cheap = { n: 1024, r: 8, p: 1 }

describe('oracle:key', () => {
  let folder: string
  let now: Date

  beforeEach(() => {
    folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'coupon-secure-key-')), 'keys')
    now = new Date('2026-11-26T10:00:00.000Z')
  })
  afterEach(() => fs.rmSync(path.dirname(folder), { recursive: true }))

  const run = (...words: string[]) => {
    now = new Date(now.getTime() + 1_000)
    return runKeyCommand({
      words,
      folder,
      password,
      now,
      write: (asked) => writeNewKeystore({ ...asked, cost: cheap }),
    })
  }
  const refusalOf = async (promise: Promise<unknown>) => {
    const error = await promise.catch((caught: unknown) => caught)
    expect(error).to.be.instanceOf(KeyUnreadableError)
    return String(error)
  }

  it('makes a key that the oracle and ethers open, for its owner’s eyes only', async () => {
    const said = await run('new')
    const [signer] = await signersAt({ path: folder, password })
    expect(said).to.contain(signer?.address)
    const [name = ''] = fs.readdirSync(folder)
    const file = path.join(folder, name)
    expect(fs.statSync(file).mode & 0o777).to.equal(0o600)
    expect(fs.statSync(folder).mode & 0o777).to.equal(0o700)
    const json = fs.readFileSync(file, 'utf8')
    const wallet = Wallet.fromEncryptedJsonSync(json, password)
    expect(wallet.address).to.equal(signer?.address)
    for (const printed of [json, said]) {
      expect(printed).not.to.contain('privateKey' in wallet ? wallet.privateKey.slice(2) : '')
    }
  })

  it('makes one first key only', async () => {
    await run('new')
    expect(await refusalOf(run('new'))).to.contain('rotate')
  })

  it('rotates to a second key, which comes first from then on, and to no third', async () => {
    expect(await refusalOf(run('rotate'))).to.contain('new')
    await run('new')
    const [first] = await signersAt({ path: folder, password })
    const said = await run('rotate')
    const [newest, older, ...others] = await signersAt({ path: folder, password })
    expect(older?.address).to.equal(first?.address)
    expect(others).to.deep.equal([])
    expect(said).to.contain(newest?.address)
    expect(await refusalOf(run('rotate'))).to.contain('under way')
    expect((await run('show')).split('\n')[0]).to.match(new RegExp(`^${newest?.address}  newest`))
  })

  it('refuses to rotate with another password, since one opens them all', async () => {
    await run('new')
    const words = ['rotate']
    const other = runKeyCommand({ words, folder, password: 'another password', now })
    expect(await refusalOf(other)).to.contain('password')
    expect(fs.readdirSync(folder)).to.have.length(1)
  })

  it('refuses a short password, and no folder', async () => {
    const words = ['new']
    const short = runKeyCommand({ words, folder, password: 'short', now })
    expect(await refusalOf(short))
      .to.contain('12 characters')
      .and.not.to.contain('"short"')
    await refusalOf(runKeyCommand({ words, folder: undefined, password, now }))
  })

  it('says how it is used', async () => {
    for (const words of [[], ['delete'], ['new', 'again']]) {
      expect(await run(...words)).to.contain('new|rotate|show')
    }
    expect(await run('show')).to.contain('no key yet')
  })
})
