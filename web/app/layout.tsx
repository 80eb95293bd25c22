import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { parseConfig } from '../chain/parse-config.ts'
import '../ui/tokens.css'
import '../ui/base.css'
import { Header } from './header.tsx'
import { KeepOffline } from './keep-offline.tsx'
import { NotConfigured } from './not-configured.tsx'
import { Providers } from './providers.tsx'

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

export default async function RootLayout({ children }: { children: ReactNode }) {
  await headers() // at each request: the configuration and the nonce belong to the run, not to the build
  const read = parseConfig(process.env)
  return (
    <html lang="en">
      <body>
        {read.ok ? (
          <Providers config={read.config}>
            <a className="skip" href="#main">
              Skip to the content
            </a>
            <Header />
            <main id="main">{children}</main>
            <KeepOffline />
          </Providers>
        ) : (
          <NotConfigured problems={read.problems} />
        )}
      </body>
    </html>
  )
}
