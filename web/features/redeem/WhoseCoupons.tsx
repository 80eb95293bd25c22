'use client'

import { useConfig } from '../../chain/config.tsx'
import { WalletList } from '../../chain/WalletList.tsx'
import { Card } from '../../ui/Card.tsx'
import { useShellWords } from '../../words/Speaking.tsx'
import { ScanButton } from './ScanButton.tsx'

/** For whom this browser knows nothing yet: the two ways to one's coupons. */
export function WhoseCoupons() {
  const { say } = useShellWords()
  const config = useConfig()
  return (
    <Card title={say('pocket.whose')}>
      <p>{say('pocket.whose.link')}</p>
      <ScanButton />
      <p>{say('pocket.whose.wallet')}</p>
      <WalletList />
      {config.isDemo && (
        <p className="soft small" lang="en" dir="ltr">
          On this local chain you can also choose a demo account at the top of the page: attendees
          001 to 100 hold coupons, and 011 and 012 wait on standby for one more.
        </p>
      )}
    </Card>
  )
}
