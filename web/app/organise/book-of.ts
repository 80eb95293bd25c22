import { notFound } from 'next/navigation'
import { type Address, getAddress, isAddress } from 'viem'

/** The book that a page's address names; there is no such page where it names none. */
export async function bookOf(params: Promise<{ book: string }>): Promise<Address> {
  const { book } = await params
  if (!isAddress(book)) notFound()
  return getAddress(book)
}
