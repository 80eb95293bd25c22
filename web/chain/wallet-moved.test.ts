import { expect } from 'chai'
import type { Eip1193 } from './eip1193.ts'
import { explainRevert } from './explain-revert.ts'
import { requireUnmoved } from './wallet-moved.ts'

const account = '0x337201b5882056C2404587bda79e8Bbd61FB0EB5'
const other = '0x22962f573256D13222749Ad5cB8C86a96eB4955E'

describe('requireUnmoved', () => {
  const codeOf = async ({ accounts, chainId }: { accounts: unknown; chainId: unknown }) => {
    const asked: string[] = []
    const provider: Eip1193 = {
      request: ({ method }) => {
        asked.push(method)
        return Promise.resolve(method === 'eth_accounts' ? accounts : chainId)
      },
    }
    const error: unknown = await requireUnmoved({ provider, account, chainId: 10 }).catch(
      (error: unknown) => error,
    )
    expect(asked).to.have.members(['eth_accounts', 'eth_chainId']) // neither opens a window
    return error === undefined ? undefined : explainRevert(error)
  }

  for (const [name, wallet] of [
    ['the same account and network', { accounts: [account], chainId: '0xa' }],
    ['them in other letters', { accounts: [account.toLowerCase(), other], chainId: 10 }],
  ] as const) {
    it(`says nothing of ${name}`, async () => {
      expect(await codeOf(wallet)).to.equal(undefined)
    })
  }

  for (const [name, wallet, code] of [
    ['another account', { accounts: [other], chainId: '0xa' }, 'ACCOUNT_CHANGED'],
    ['another one chosen', { accounts: [other, account], chainId: '0xa' }, 'ACCOUNT_CHANGED'],
    ['a locked wallet', { accounts: [], chainId: '0xa' }, 'WALLET_LOCKED'],
    ['no answer', { accounts: null, chainId: '0xa' }, 'WALLET_LOCKED'],
    ['another network', { accounts: [account], chainId: '0x1' }, 'WRONG_NETWORK'],
    ['no network', { accounts: [account], chainId: undefined }, 'WRONG_NETWORK'],
  ] as const) {
    it(`says ${code} for ${name}, in words`, async () => {
      const said = await codeOf(wallet)
      expect(said?.code).to.equal(code)
      expect(said?.sentence).to.match(/\. /)
    })
  }
})
