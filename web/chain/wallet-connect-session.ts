import { type Address, getAddress, isAddress } from 'viem'

/** As much of a WalletConnect session as matters here. */
export type PhoneSession = {
  topic: string
  /** Unix seconds. */
  expiry: number
  namespaces: Readonly<Record<string, { accounts: readonly string[]; methods: readonly string[] }>>
  peer: {
    metadata: { name: string; redirect?: { native?: string; universal?: string } | undefined }
  }
}

/** What is asked of a wallet on a phone: everything that this app has signed and sent, and nothing else. */
export const ASKED_OF_WALLETS = ['eth_sendTransaction', 'eth_signTypedData_v4']

/** What a session should allow, and on which network. */
export function wantedNamespaces(chainId: number) {
  const events = ['accountsChanged', 'chainChanged'] // wallets refuse proposals without them
  return { eip155: { chains: [`eip155:${chainId}`], methods: ASKED_OF_WALLETS, events } }
}

/** The accounts that a session has on its network, as its wallet put them. */
export function accountsOf({
  session,
  chainId,
}: {
  session: PhoneSession
  chainId: number
}): Address[] {
  return accountsIn(session).flatMap((account) =>
    account.chainId === chainId ? [account.address] : [],
  )
}

/** The network that a session is on: the wanted one where its wallet allows that. */
export function networkOf({ session, wanted }: { session: PhoneSession; wanted: number }): number {
  const chainIds = accountsIn(session).map(({ chainId }) => chainId)
  return chainIds.includes(wanted) ? wanted : (chainIds[0] ?? 0)
}

/** The accounts that a wallet says are chosen, in an event of whatever shape. */
export function accountsToldIn(data: unknown): Address[] {
  if (!Array.isArray(data)) return []
  return data.flatMap((item: unknown) => {
    const address = typeof item === 'string' ? item.split(':').at(-1) : undefined
    return address !== undefined && isAddress(address, { strict: false })
      ? [getAddress(address)]
      : []
  })
}

/** What a wallet calls itself, as far as that can stand in a sentence. */
export function walletNameOf({ peer }: PhoneSession): string {
  return peer.metadata.name.replace(/\p{C}/gu, '').slice(0, 40)
}

/** How a wallet is opened on this device; undefined where it does not say, or says what no wallet would. */
export function walletLinkOf({ peer }: PhoneSession): string | undefined {
  const { native, universal } = peer.metadata.redirect ?? {}
  return [native, universal].find((link) => link !== undefined && opensAWallet(link))
}

// What a stranger calls a link to a wallet is drawn for people to tap: an app's own scheme or https, nothing that this browser
// would run, show or dial itself.
const OTHERS =
  /^(about|blob|chrome.*|content|data|file|filesystem|ftp|geo|http|intent|itms.*|javascript|mailto|market|sms|smsto|tel|vbscript|view-source|wss?):/i

function opensAWallet(link: string): boolean {
  if (link.length > 200 || !URL.canParse(link)) return false
  return /^[a-z][a-z0-9+.-]+:\/\/[\x21-\x7e]*$/i.test(link) && !OTHERS.test(link)
}

function accountsIn({ namespaces }: PhoneSession) {
  return Object.entries(namespaces).flatMap(([name, { accounts }]) => {
    if (!/^eip155(:|$)/.test(name)) return []
    return accounts.flatMap((account) => {
      const [kind, chainId = '', address = ''] = account.split(':')
      return kind === 'eip155' &&
        /^\d{1,15}$/.test(chainId) &&
        isAddress(address, { strict: false })
        ? [{ chainId: Number(chainId), address: getAddress(address) }]
        : []
    })
  })
}
