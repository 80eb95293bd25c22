import { errorAnswerSchema, refusalSchema } from '@coupon-secure/protocol/wire'
import { expect } from 'chai'

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

/** That the answer is this refusal. */
export async function expectRefusal({ response, code }: { response: Response; code: string }) {
  const refusal = refusalSchema.parse(await response.json())
  expect(refusal.code).to.equal(code)
  expect(response.status).to.equal(422)
  expect(refusal.requestId).to.equal(response.headers.get('x-request-id'))
  return refusal
}
