'use client'

import { couponBookFactoryAbi } from '@coupon-secure/protocol/abi'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { type SubmitEvent, useState } from 'react'
import { type Address, parseEventLogs, type TransactionReceipt } from 'viem'
import { useConfig } from '../../chain/config.tsx'
import { CostNote } from '../../chain/CostNote.tsx'
import { TransactionStatus } from '../../chain/TransactionStatus.tsx'
import { useTransaction } from '../../chain/use-transaction.ts'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Field, type FieldProblem } from '../../ui/Field.tsx'
import { type BookProblems, checkBook, mismatchOf, randomSalt } from './new-book.ts'
import { oracleQuery } from './oracle-query.ts'
import { ownZone } from '../../ui/zones.ts'
import { localOf } from './zoned-time.ts'

const YEAR = 365 * 24 * 3600

/** Makes a book through the factory; its first witness is the oracle this app is configured with. */
export function NewBookForm({ creator }: { creator: Address }) {
  const config = useConfig()
  const router = useRouter()
  const oracle = useQuery(oracleQuery(config))
  const [zone] = useState(ownZone)
  const [salt] = useState(randomSalt)
  const [name, setName] = useState('')
  const [typedWitness, setTypedWitness] = useState<string>()
  const [validUntil, setValidUntil] = useState(() =>
    localOf({ seconds: nowSeconds() + YEAR, zone }),
  )
  const [problems, setProblems] = useState<BookProblems>({})

  const found = oracle.data?.ok === true ? oracle.data.answer : undefined
  const witness = typedWitness ?? found?.address ?? ''
  const open = (receipt: TransactionReceipt) => {
    const [created] = parseEventLogs({
      abi: couponBookFactoryAbi,
      eventName: 'BookCreated',
      logs: receipt.logs,
    })
    if (created) router.push(`/organise/${created.args.book}`)
  }
  const { transaction, send, look } = useTransaction({
    flow: `${config.chainId}.${config.factory}.new-book.${creator}`,
    onMined: open,
  })

  const checked = checkBook({ draft: { name, witness, validUntil, zone }, now: nowSeconds() })
  const call = checked.ok
    ? ({
        abi: couponBookFactoryAbi,
        address: config.factory,
        functionName: 'createBook',
        args: [checked.book.name, checked.book.witnesses, salt],
      } as const)
    : undefined
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    setProblems(checked.ok ? {} : checked.problems)
    if (call) await send(call)
  }

  const isBusy = transaction.step === 'asking' || transaction.step === 'sent'
  return (
    <Card title="New book">
      <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
        <Field
          label="Name of the gathering"
          value={name}
          onChange={(event) => setName(event.target.value)}
          problem={problems.name}
          placeholder="Winter hackathon"
          autoComplete="off"
          required
        />
        <Field
          label="First location witness"
          value={witness}
          onChange={(event) => setTypedWitness(event.target.value)}
          problem={problems.witness ?? oracleProblemOf({ data: oracle.data, config, witness })}
          hint="The oracle that vouches where people are. This app’s own is filled in; you may name another."
          spellCheck={false}
          autoComplete="off"
        />
        <Field
          label="The witness counts until"
          type="datetime-local"
          value={validUntil}
          onChange={(event) => setValidUntil(event.target.value)}
          problem={problems.validUntil}
          hint={`As clocks in ${zone} show it.`}
        />
        <CostNote deed="A new book is made, with you as its admin." call={call} />
        <Button kind="main" type="submit" isBusy={isBusy}>
          Make the book
        </Button>
        <TransactionStatus
          transaction={transaction}
          done="The book is made."
          onLookAgain={() => {
            if (transaction.step !== 'failed' || transaction.hash === undefined) return
            void look(transaction.hash).then((receipt) => receipt && open(receipt))
          }}
        />
      </form>
    </Card>
  )
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}

/** What is known against the oracle, where the field still names it. */
function oracleProblemOf({
  data,
  config,
  witness,
}: {
  data: Awaited<ReturnType<NonNullable<ReturnType<typeof oracleQuery>['queryFn']>>> | undefined
  config: ReturnType<typeof useConfig>
  witness: string
}): FieldProblem | undefined {
  if (data === undefined) return undefined
  if (!data.ok) {
    return witness === '' ? { code: data.code, message: data.sentence } : undefined
  }
  return data.answer.address === witness ? mismatchOf({ oracle: data.answer, config }) : undefined
}
