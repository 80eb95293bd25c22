import { type NextRequest, NextResponse } from 'next/server.js'
import { contentSecurityPolicy } from './app/content-security-policy.ts'
import { mapStyleUrlOf } from './chain/map-style-url.ts'
import { walletConnectOf } from './chain/wallet-connect-settings.ts'

/** Puts the content security policy, with a fresh nonce, on every page. It decides nothing else. */
export function proxy(request: NextRequest) {
  const { pathname } = request.nextUrl
  const nonce = btoa(crypto.randomUUID())
  const policy = contentSecurityPolicy({
    nonce,
    isDevelopment: process.env.NODE_ENV === 'development',
    reachable: [
      process.env.RPC_URL,
      process.env.ORACLE_URL,
      process.env.RELAYER_URL,
      process.env.INDEXER_URL,
      // Nobody who holds a coupon is to be seen by a map's server.
      ...(pathname.startsWith('/organise') ? [mapStyleUrlOf(process.env.MAP_STYLE_URL)] : []),
    ],
    relay: walletConnectOf(process.env).settings?.relayUrl,
  })

  const headers = new Headers(request.headers)
  headers.set('x-nonce', nonce)
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  return response
}

export const config = {
  matcher: ['/((?!_next/static|_next/image|maplibre/|[\\w-]+\\.(?:svg|png|json|webmanifest)$).*)'],
}
