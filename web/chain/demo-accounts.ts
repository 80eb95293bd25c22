import type { Address, Hex, LocalAccount } from 'viem'
import type { Connector } from 'wagmi'

/** An account of the local chain's demo: the organiser, or sample attendee 001 to 100. */
export type DemoAccountId = 'organiser' | `${number}`

/** The demo connector's id, by which the account chooser finds it. */
export const DEMO_CONNECTOR_ID = 'demo'

/** What the demo connector can do beyond what every connector can. */
export type DemoProperties = {
  selectAccount: (id: DemoAccountId) => Promise<void>
  selectedAccount: () => Promise<DemoAccountId>
}

/** The first account of anvil's public mnemonic: unlocked on the local chain, worthless elsewhere. */
export const DEMO_ORGANISER: Address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'

/** The accounts a person can choose from, with their names. */
export const demoAccounts: readonly { id: DemoAccountId; name: string }[] = [
  { id: 'organiser', name: 'Organiser' },
  ...Array.from({ length: 100 }, (_, index) => {
    const id: DemoAccountId = `${index + 1}`
    return { id, name: demoNameOf(id) }
  }),
]

/** Whether this is one of the demo's accounts. */
export function isDemoAccountId(id: unknown): id is DemoAccountId {
  return demoAccounts.some((account) => account.id === id)
}

/** What a person calls a demo account. */
export function demoNameOf(id: DemoAccountId): string {
  return id === 'organiser' ? 'Organiser' : `Attendee ${id.padStart(3, '0')}`
}

/** The sample attendee's key is public by design; the signing code is loaded only when it is used. */
export async function demoAttendee(id: DemoAccountId): Promise<LocalAccount> {
  const [{ privateKeyToAccount }, { keccak256, toHex }] = await Promise.all([
    import('viem/accounts'),
    import('viem/utils'),
  ])
  const key: Hex = keccak256(toHex(`coupon-secure sample attendee ${id.padStart(3, '0')}`))
  return privateKeyToAccount(key)
}

/** Whether this connector is the demo's. */
export function isDemoConnector(
  connector: Connector | undefined,
): connector is Connector & DemoProperties {
  return connector?.id === DEMO_CONNECTOR_ID
}
