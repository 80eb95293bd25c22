'use client'

import { TURN_SECONDS } from '@coupon-secure/protocol/beacon'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Address, isAddressEqual } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { bookQuery, campaignsQuery, witnessesQuery } from '../../chain/book-queries.ts'
import { useConfig } from '../../chain/config.tsx'
import { explainRevert } from '../../chain/explain-revert.ts'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Select } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { QrCode } from '../../ui/QrCode.tsx'
import { counterAccount, makeCounterAccount } from './counter-key.ts'
import styles from './counter.module.css'
import { campaignsToServe, secondsLeft, sitesToServe, standingOf } from './counter.ts'
import { useBeacon, useWakeLock } from './use-beacon.ts'

/** The counter's screen: a code that changes every fifteen seconds, for holders to scan. */
export function CounterScreen({ book }: { book: Address }) {
  const config = useConfig()
  const { chainId } = config
  const [account, setAccount] = useState(() =>
    counterAccount({ shelf: localStorage, chainId, book }),
  )
  if (account !== undefined) return <Counter book={book} account={account} />
  return (
    <div className="stack-wide">
      <h1>Make this device a counter</h1>
      <Card>
        <div className="stack">
          <p>
            A counter shows a code that changes every fifteen seconds. Holders scan it where they
            are served, so that nobody redeems from afar.
          </p>
          <p>
            The device gets a key of its own. It is made here, stays in this browser, and can
            neither issue nor spend anything. The organiser then adds its address to the book.
          </p>
          <div>
            <Button
              kind="main"
              onClick={() => setAccount(makeCounterAccount({ shelf: localStorage, chainId, book }))}
            >
              Make this device a counter
            </Button>
          </div>
        </div>
      </Card>
    </div>
  )
}

function Counter({ book, account }: { book: Address; account: PrivateKeyAccount }) {
  const config = useConfig()
  const { chainId } = config
  const name = useQuery(bookQuery({ config, book })).data?.name
  const campaigns = useQuery(campaignsQuery({ config, book }))
  const witnesses = useQuery(witnessesQuery({ config, book }))
  const isAwake = useWakeLock()
  const [chosen, setChosen] = useState<{ campaignId?: bigint; site?: number }>({})

  const witness = witnesses.data?.find(({ key }) => isAddressEqual(key, account.address))
  const [opened] = useState(() => Date.now())
  const served = campaignsToServe({ campaigns: campaigns.data ?? [], now: opened })
  const campaign = served.find(({ id }) => id === chosen.campaignId) ?? served[0]
  const sites = campaign ? sitesToServe({ campaign, witness }) : []
  const site = sites.find((number) => number === chosen.site) ?? sites[0]
  const { shown, now } = useBeacon(
    campaign && site ? { account, chainId, book, campaignId: campaign.id, site } : undefined,
  )
  const standing = witnesses.data && standingOf({ witness, now })
  const isAway = campaigns.error ?? witnesses.error

  return (
    <div className="stack-wide">
      {isAway && (
        <Notice
          kind="warn"
          title={shown ? 'No network just now' : 'The chain does not answer'}
          code={explainRevert(isAway).code}
        >
          <p>
            {shown
              ? 'The code goes on changing without it. Leave this page open.'
              : 'The campaigns are not known yet. They come when the network does.'}
          </p>
        </Notice>
      )}
      {standing?.isReady === false && (
        <Notice kind="warn" title={standing.title} code={standing.code}>
          <p>{standing.sentence}</p>
        </Notice>
      )}
      {campaigns.data && !campaign && (
        <Notice kind="info" title="No campaign of this book has a place">
          <p>A counter’s code is for campaigns that ask where holders are.</p>
        </Notice>
      )}

      {campaign && site && shown && (
        <section className={styles.screen} aria-label="The counter’s code">
          <header className={styles.head}>
            <p className={styles.book}>{name ?? 'Counter'}</p>
            <h1>{campaign.name}</h1>
            <p className={styles.place}>Site {site}</p>
          </header>
          <div className={styles.code}>
            <QrCode
              text={shown.text}
              label={`Code of site ${site} for ${campaign.name}, for a holder’s phone to scan`}
            />
            <div className={styles.bar} aria-hidden="true">
              <div
                key={shown.shownAt}
                className={styles.left}
                style={{
                  transform: `scaleX(${secondsLeft({ shownAt: shown.shownAt, now }) / TURN_SECONDS})`,
                }}
              />
            </div>
            <p className={styles.next}>
              Scan it in your coupon. New code in {secondsLeft({ shownAt: shown.shownAt, now })} s
            </p>
          </div>
        </section>
      )}

      <div className={styles.below}>
        {campaign && (
          <Card title="What this counter serves">
            <div className="stack">
              {served.length > 1 && (
                <Select
                  label="Campaign"
                  value={campaign.id.toString()}
                  onChange={({ target }) =>
                    setChosen(({ site }) => ({ campaignId: BigInt(target.value), site }))
                  }
                >
                  {served.map(({ id, name }) => (
                    <option key={id} value={id.toString()}>
                      {name}
                    </option>
                  ))}
                </Select>
              )}
              <Select
                label="Site"
                value={site}
                hint="The number of the place on the organiser’s map."
                onChange={({ target }) =>
                  setChosen(({ campaignId }) => ({ campaignId, site: Number(target.value) }))
                }
              >
                {sites.map((number) => (
                  <option key={number} value={number}>
                    Site {number}
                  </option>
                ))}
              </Select>
              {shown && (
                <div className="row">
                  <span className="soft small">For a phone without a camera:</span>
                  <CopyButton text={shown.text} label="the code as text" />
                </div>
              )}
              {!isAwake && (
                <p className="soft small">
                  This browser does not keep the screen on. Do that in the device’s settings.
                </p>
              )}
            </div>
          </Card>
        )}
        <Card title="This counter">
          <div className="stack">
            <p>
              {standing?.isReady
                ? `The book believes it until ${timeOf(standing.until)}.`
                : 'The organiser adds this address as a counter:'}
            </p>
            <div className={styles.key}>
              <QrCode text={account.address} label="The counter’s address, for the organiser" />
            </div>
            <div className="row">
              <code className={styles.address}>{account.address}</code>
              <CopyButton text={account.address} label="the counter’s address" />
            </div>
          </div>
        </Card>
      </div>
    </div>
  )
}

function timeOf(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toLocaleString([], {
    dateStyle: 'medium',
    timeStyle: 'short',
  })
}
