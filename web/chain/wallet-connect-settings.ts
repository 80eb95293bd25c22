/** Where wallets on other devices are reached (WalletConnect): an operator's project id, and the relay that knows it. */
export type WalletConnectSettings = { projectId: string; relayUrl: string }

const RELAY = 'wss://relay.walletconnect.org'

/** The settings that WALLETCONNECT_PROJECT_ID and WALLETCONNECT_RELAY_URL name; none without an id, and what is wrong with them. */
export function walletConnectOf(env: Readonly<Record<string, string | undefined>>): {
  settings: WalletConnectSettings | undefined
  problems: string[]
} {
  const projectId = env.WALLETCONNECT_PROJECT_ID ?? ''
  const relay = env.WALLETCONNECT_RELAY_URL ?? ''
  const problems: string[] = []
  if (projectId !== '' && !/^[0-9a-f]{32}$/i.test(projectId)) {
    problems.push(`WALLETCONNECT_PROJECT_ID must be 32 hex digits, not "${projectId}".`)
  }
  if (relay !== '' && !isRelay(relay)) {
    problems.push(
      `WALLETCONNECT_RELAY_URL must be a wss address, or ws on this machine, not "${relay}".`,
    )
  }
  if (relay !== '' && projectId === '') {
    problems.push('WALLETCONNECT_RELAY_URL is of no use without WALLETCONNECT_PROJECT_ID.')
  }
  if (projectId === '' || problems.length > 0) return { settings: undefined, problems }
  return { settings: { projectId, relayUrl: relay === '' ? RELAY : relay }, problems }
}

// A key in the query would be everybody's: the address goes to every browser, and its origin into the policy of every page.
function isRelay(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, search, hash } = new URL(text)
  const isHere = hostname === '127.0.0.1' || hostname === 'localhost'
  return (protocol === 'wss:' || (protocol === 'ws:' && isHere)) && username + search + hash === ''
}
