import type { MetadataRoute } from 'next'
import { headers } from 'next/headers'
import { languageFor, languagesIn } from '../words/languages.ts'
import { wordsIn } from '../words/speaking.ts'

/** What a phone needs to put the app on its home screen, in its language: it opens at the holder's coupons. */
export default async function manifest(): Promise<MetadataRoute.Manifest> {
  const asked = await headers()
  const language = languageFor(languagesIn(asked.get('accept-language') ?? ''))
  const { say } = await wordsIn(language)
  return {
    id: '/',
    lang: language.tag,
    dir: language.direction,
    name: say('app.name'),
    short_name: say('app.short'),
    description: say('app.description'),
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
      { name: say('pocket.page'), url: '/redeem' },
      { name: 'Counter', url: '/counter' },
    ],
  }
}
