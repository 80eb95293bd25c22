'use client'

import { useEffect } from 'react'

/** Names the page in the tab and the history as it is named on the page, also where the server wrote it in another language. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Coupon Secure`
  }, [title])
}
