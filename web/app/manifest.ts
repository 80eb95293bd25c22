import type { MetadataRoute } from 'next'

/** What a phone needs to put the app on its home screen: it opens at the holder's coupons. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    id: '/',
    name: 'Coupon Secure',
    short_name: 'Coupons',
    description: 'Coupons that are used once, by their holder, in their window, at their place.',
    start_url: '/redeem',
    scope: '/',
    display: 'standalone',
    background_color: '#f1f4ef',
    theme_color: '#14463a',
    categories: ['utilities', 'food'],
    icons: [
      { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
      { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
    shortcuts: [
      { name: 'My coupons', url: '/redeem' },
      { name: 'Counter', url: '/counter' },
    ],
  }
}
