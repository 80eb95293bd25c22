import { hashEvidence } from '@coupon-secure/protocol/evidence'
import { hashRefusal } from '@coupon-secure/protocol/refusal'
import { errorAnswerSchema, refusalAnswerSchema } from '@coupon-secure/protocol/wire'
import { expect } from 'chai'
import { recoverAddress } from 'viem'
import { book, CHAIN_ID, signer } from './rehearsal.ts'

/** That the answer is this problem, told to a person and to a machine. */
export async function expectProblem({
  response,
  status,
  code,
}: {
  response: Response
  status: number
  code: string
}) {
  const { error, problems } = errorAnswerSchema.parse(await response.json())
  expect({ status: response.status, code: error.code }).to.deep.equal({ status, code })
  expect(error.message).to.match(/^[A-Z].+\.$/)
  expect(error.requestId).to.equal(response.headers.get('x-request-id'))
  return { ...error, problems }
}

/** That the answer is this refusal, signed by the oracle over what it saw. */
export async function expectRefusal({ response, code }: { response: Response; code: string }) {
  const answer = refusalAnswerSchema.parse(await response.json())
  const { refusal, signature, opening } = answer
  expect(answer.code).to.equal(code)
  expect(response.status).to.equal(422)
  expect(answer.requestId).to.equal(response.headers.get('x-request-id'))
  expect(refusal.code).to.equal(code)
  expect(refusal.evidenceHash).to.equal(hashEvidence(opening))
  const hash = hashRefusal({ chainId: CHAIN_ID, book, refusal })
  expect(await recoverAddress({ hash, signature })).to.equal(signer.address)
  return answer
}
