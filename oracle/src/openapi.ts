import { openApiOf, type OpenApi } from '@coupon-secure/service/openapi'
import { describedRoutes } from './openapi-routes.ts'

/** The description of everything the oracle answers. */
export function openApi(): OpenApi {
  return openApiOf({
    title: 'Coupon Secure: location oracle',
    description:
      'Vouches that a holder is where their coupon is used, or says no with a code. Big integers are decimal text; unknown fields, numbers as text and null are refused.',
    routes: describedRoutes,
  })
}
