import { SignClient } from '@walletconnect/sign-client'
import type { WalletConnectSettings } from './wallet-connect-settings.ts'
import type { PhoneLinkStorage } from './wallet-connect-storage.ts'

type Client = Awaited<ReturnType<typeof SignClient.init>>

/** Starts the WalletConnect library, with everything off that would speak to others than the relay, or tell it more than it must know. */
export async function startWalletConnect({
  settings: { projectId, relayUrl },
  origin,
  storage,
}: {
  settings: WalletConnectSettings
  origin: string
  storage: PhoneLinkStorage
}) {
  const client = await SignClient.init({
    projectId,
    relayUrl,
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- an abstract class with nothing of its own
    storage,
    logger: 'silent',
    telemetryEnabled: false,
    metadata: {
      name: 'Coupon Secure',
      description: 'Coupons that are used once, by their holder, at their place.',
      url: origin,
      icons: [`${origin}/icon-192.png`],
    },
  })
  // It would put a third party's frame into the page, which our policy forbids, and wait five seconds for its word.
  client.core.verify.register = () => Promise.resolve('')
  // Beside what is sealed it would tell the relay which method is asked of which contract on which network.
  const { relayer } = client.core
  const publish = relayer.publish.bind(relayer)
  relayer.publish = (topic, message, { tvf, ...options } = {}) => {
    const bare = tvf === undefined ? {} : { tvf: { correlationId: tvf.correlationId } }
    return publish(topic, message, { ...options, ...bare })
  }
  keepToOneLine(client)
  return client
}

/**
 * Mends what this version of the library does while its relay is away: after each attempt that has failed it subscribes all the
 * same, which makes attempts of its own, and those again others, until nothing else gets its turn.
 */
export function keepToOneLine({ core: { relayer } }: Pick<Client, 'core'>): void {
  const start = relayer.subscriber.start.bind(relayer.subscriber)
  relayer.subscriber.start = () => (relayer.connected ? start() : Promise.resolve())
}
