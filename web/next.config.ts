import { fileURLToPath } from 'node:url'
import type { NextConfig } from 'next'

// Nothing that runs here reports to anybody.
process.env.NEXT_TELEMETRY_DISABLED = '1'

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  allowedDevOrigins: ['127.0.0.1'],
  images: { unoptimized: true },
  // The workspace root: protocol's TypeScript is compiled from there.
  turbopack: { root: fileURLToPath(new URL('..', import.meta.url)) },
  // `npm test` checks types over all rooms; a start on a user's machine need not do it again.
  typescript: { ignoreBuildErrors: true },
  // The content security policy is in proxy.ts: it names addresses that are only known at run time.
  headers: () =>
    Promise.resolve([
      {
        source: '/:path*',
        headers: [
          { key: 'X-Content-Type-Options', value: 'nosniff' },
          { key: 'X-Frame-Options', value: 'DENY' },
          { key: 'Referrer-Policy', value: 'no-referrer' },
          {
            key: 'Permissions-Policy',
            value: 'geolocation=(self), camera=(self), microphone=(), payment=(), usb=()',
          },
          { key: 'Cross-Origin-Opener-Policy', value: 'same-origin-allow-popups' },
        ],
      },
    ]),
}

export default config
