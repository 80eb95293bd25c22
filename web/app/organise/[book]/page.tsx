import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getAddress, isAddress } from 'viem'
import { ClaimLinks } from '../../../features/issue/ClaimLinks.tsx'
import { IssuePanel } from '../../../features/issue/IssuePanel.tsx'
import { BookHead } from '../../../features/organise/BookHead.tsx'
import { CampaignList } from '../../../features/organise/CampaignList.tsx'
import { Checklist } from '../../../features/organise/Checklist.tsx'
import { NewCampaign } from '../../../features/organise/NewCampaign.tsx'
import { WitnessPanel } from '../../../features/organise/WitnessPanel.tsx'
import styles from '../../../features/organise/organise.module.css'

export const metadata: Metadata = { title: 'Book' }

export default async function BookPage({ params }: { params: Promise<{ book: string }> }) {
  const { book: text } = await params
  if (!isAddress(text)) notFound()
  const book = getAddress(text)
  return (
    <>
      <BookHead book={book} />
      <div className={styles.columns}>
        <div className="stack-wide">
          <CampaignList book={book} />
          <IssuePanel book={book} />
          <ClaimLinks book={book} />
          <NewCampaign book={book} />
          <WitnessPanel book={book} />
        </div>
        <div className={styles.first}>
          <Checklist book={book} />
        </div>
      </div>
    </>
  )
}
