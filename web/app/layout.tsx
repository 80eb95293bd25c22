import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import { type ReactNode, Suspense } from 'react'
import { ConfigProvider } from '../chain/config.tsx'
import { parseConfig } from '../chain/parse-config.ts'
import { PhoneQuestions } from '../chain/PhoneQuestions.tsx'
import '../ui/tokens.css'
import '../ui/base.css'
import { early } from '../words/early.ts'
import { KEPT_LANGUAGE, languageFor, LANGUAGES, languagesIn } from '../words/languages.ts'
import { Speaking } from '../words/Speaking.tsx'
import { Header } from './header.tsx'
import { KeepOffline } from './keep-offline.tsx'
import { NotConfigured } from './not-configured.tsx'
import { Skip } from './skip.tsx'

export const metadata: Metadata = {
  title: { default: 'Coupon Secure', template: '%s · Coupon Secure' },
  description: 'Coupons that are used once, by their holder, in their window, at their place.',
  icons: { icon: '/icon.svg', apple: '/apple-icon.png' },
  appleWebApp: { capable: true, title: 'Coupons', statusBarStyle: 'default' },
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f1f4ef' },
    { media: '(prefers-color-scheme: dark)', color: '#0e1714' },
  ],
}

// For the few whose person chose another language than their browser asks for.
const EARLY = `(${early.toString()})(${JSON.stringify({
  kept: KEPT_LANGUAGE,
  directions: Object.fromEntries(LANGUAGES.map(({ tag, direction }) => [tag, direction])),
})})`

export default async function RootLayout({ children }: { children: ReactNode }) {
  const asked = await headers() // at each request: the configuration and the nonce belong to the run, not to the build
  const read = parseConfig(process.env)
  const { tag, direction } = languageFor(languagesIn(asked.get('accept-language') ?? ''))
  const nonce = asked.get('x-nonce') ?? undefined
  return (
    // The script may change both before React looks; browsers show no script its nonce.
    <html lang={tag} dir={direction} suppressHydrationWarning>
      <head>
        <script
          nonce={nonce}
          suppressHydrationWarning
          dangerouslySetInnerHTML={{ __html: EARLY }}
        />
      </head>
      <body>
        {read.ok ? (
          <Suspense>
            <Speaking language={tag}>
              <ConfigProvider config={read.config}>
                <Skip />
                <Header />
                <main id="main">{children}</main>
                <PhoneQuestions />
                <KeepOffline />
              </ConfigProvider>
            </Speaking>
          </Suspense>
        ) : (
          <NotConfigured problems={read.problems} />
        )}
      </body>
    </html>
  )
}
