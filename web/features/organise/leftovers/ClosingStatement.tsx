'use client'

import { useState } from 'react'
import type { Ledger } from '../../../chain/book-queries.ts'
import { Button } from '../../../ui/Button.tsx'
import { Notice } from '../../../ui/Notice.tsx'
import { fileNameOf, saveFile } from '../../../ui/save-file.ts'
import { Table } from '../../../ui/Table.tsx'
import { closingCsv, linesOf, type Statement } from './closing.ts'

/** A closing statement: every line of it, whether the chain still says the same, and as files. */
export function ClosingStatement({
  statement,
  ledger,
}: {
  statement: Statement
  ledger: Ledger | undefined
}) {
  const [isMaking, setIsMaking] = useState(false)
  const [problem, setProblem] = useState<string>()
  const { closing, sites } = statement
  const parts = ['issued', 'redeemed', 'revoked', 'unused'] as const
  const isOther = ledger !== undefined && parts.some((part) => ledger[part] !== closing[part])
  const atSites = sites.reduce((sum, { redeemed }) => sum + BigInt(redeemed), 0n)
  const name = `${fileNameOf(statement.campaign.name) || 'campaign'}.closing`
  const saveCsv = () =>
    saveFile({ name: `${name}.csv`, type: 'text/csv', content: closingCsv(statement) })
  const savePdf = async () => {
    setIsMaking(true)
    setProblem(undefined)
    try {
      const [{ closingPdf }, { drawScript }] = await Promise.all([
        import('./closing-pdf.ts'),
        import('../../../ui/draw-script.ts'),
      ])
      const pdf = await closingPdf({ statement, drawScript })
      saveFile({ name: `${name}.pdf`, type: 'application/pdf', content: new Uint8Array(pdf) })
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    }
    setIsMaking(false)
  }

  return (
    <>
      {isOther && (
        <Notice
          kind="bad"
          code="LEDGER_DIFFERS"
          title="The statement and the book’s present count differ. Rely on neither before you know why."
        />
      )}
      {atSites !== closing.redeemed && (
        <Notice kind="warn" code="SITES_DIFFER">
          <p>
            The sites’ numbers come to {String(atSites)}, the statement to{' '}
            {String(closing.redeemed)}: where they are read is behind. Wait a moment before you
            save.
          </p>
        </Notice>
      )}
      <Table caption={`Closing statement of ${statement.campaign.name}`} head={['Line', 'Value']}>
        {linesOf(statement).map(([line, value]) => (
          <tr key={line}>
            <td>{line}</td>
            <td>{value}</td>
          </tr>
        ))}
      </Table>
      <div className="row">
        <Button kind="main" isBusy={isMaking} onClick={() => void savePdf()}>
          Save as PDF
        </Button>
        <Button onClick={saveCsv}>Save as CSV</Button>
      </div>
      {problem !== undefined && <Notice kind="bad" title={problem} code="PDF_FAILED" />}
    </>
  )
}
