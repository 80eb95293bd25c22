/** The policy of every page: our own scripts, and connections to the configured servers alone. */
export function contentSecurityPolicy({
  nonce,
  isDevelopment,
  reachable,
  relay,
}: {
  nonce: string
  isDevelopment: boolean
  reachable: readonly (string | undefined)[]
  /** The relay to wallets on phones, a web socket. */
  relay?: string | undefined
}): string {
  const origins = [...new Set(reachable.flatMap(originsOf))].join(' ')
  return [
    "default-src 'self'",
    // React's development build evaluates strings; the production build does not.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ''}`,
    // The map library and the server's first paint set style attributes.
    "style-src 'self' 'unsafe-inline'",
    // Wallets announce their icons as data: addresses.
    `img-src 'self' data: blob: ${origins}`.trim(),
    "font-src 'self'",
    ["connect-src 'self'", origins, ...originsOf(relay), isDevelopment ? 'ws:' : '']
      .filter(Boolean)
      .join(' '),
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function originsOf(address: string | undefined): string[] {
  return address !== undefined && URL.canParse(address) ? [new URL(address).origin] : []
}
