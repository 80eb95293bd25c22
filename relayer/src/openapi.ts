import * as wire from '@coupon-secure/protocol/wire-redemption'
import {
  openApiOf,
  routesOfAll,
  type DescribedRoute,
  type OpenApi,
} from '@coupon-secure/service/openapi'

/** Where the description is. */
export const OPENAPI = '/v1/openapi.json'

/** Every route of the relayer. `openapi.test.ts` holds the program to it, and each answer of each test. */
export const describedRoutes: readonly DescribedRoute[] = [
  {
    method: 'get',
    path: '/v1/relayer',
    summary: 'Who the relayer is and what it serves.',
    answers: { 200: wire.relayerAnswerSchema },
  },
  {
    method: 'post',
    path: '/v1/redemptions',
    summary:
      'Brings a signed redemption to be sent: 201 when it is taken on, 200 with where it stands when it is known (by its digest, or another of the coupon is under way), 422 with the reason for which the contract would refuse it.',
    body: wire.redemptionRequestSchema,
    answers: {
      200: wire.redemptionStatusSchema,
      201: wire.redemptionStatusSchema,
      422: wire.redemptionStatusSchema,
    },
  },
  {
    method: 'get',
    path: '/v1/redemptions/:digest',
    summary: 'Where a redemption stands, by the digest that its holder signed.',
    answers: { 200: wire.redemptionStatusSchema },
  },
  {
    method: 'get',
    path: '/v1/redemptions/:digest/events',
    summary:
      'The same as server-sent events, one for each change, until it is final or refused; Last-Event-ID goes on where one stopped, 204 says that there is no more.',
    answers: { 200: 'text', 204: 'nothing' },
  },
  ...routesOfAll({ serves: 'Whether it could send now', description: OPENAPI }),
]

/** The description of everything the relayer answers. */
export function openApi(): OpenApi {
  return openApiOf({
    title: 'Coupon Secure: relayer',
    description:
      'Sends what holders have signed and pays for it; it has no power over coupons. Big integers are decimal text; unknown fields, numbers as text and null are refused.',
    routes: describedRoutes,
  })
}
