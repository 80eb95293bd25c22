import type { Metadata } from 'next'
import { ClaimLinks } from '../../../features/issue/ClaimLinks.tsx'
import { IssuePanel } from '../../../features/issue/IssuePanel.tsx'
import { CampaignList } from '../../../features/organise/CampaignList.tsx'
import { Checklist } from '../../../features/organise/Checklist.tsx'
import { NewCampaign } from '../../../features/organise/NewCampaign.tsx'
import { ShareBook } from '../../../features/organise/ShareBook.tsx'
import styles from '../../../features/organise/organise.module.css'
import { bookOf } from '../book-of.ts'

export const metadata: Metadata = { title: 'Book' }

export default async function BookPage({ params }: { params: Promise<{ book: string }> }) {
  const book = await bookOf(params)
  return (
    <div className={styles.columns}>
      <div className="stack-wide">
        <CampaignList book={book} />
        <IssuePanel book={book} />
        <ClaimLinks book={book} />
        <NewCampaign book={book} />
      </div>
      <div className={`stack-wide ${styles.first}`}>
        <Checklist book={book} />
        <ShareBook book={book} />
      </div>
    </div>
  )
}
