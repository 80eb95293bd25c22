import { holdTo } from '@coupon-secure/service/rehearsal-described'
import { openApi } from './openapi.ts'

/** Throws where an answer in the tests is not as the oracle describes it; nothing of the service uses it. */
export const requireDescribed = holdTo(openApi(), { other: '/v1/oracle' })
