import * as z from 'zod/mini'

/** Answer to GET /readyz (200 or 503): each thing that a service needs, and what to do where one is not as it must be. */
export const readinessSchema = z.strictObject({
  ok: z.boolean(),
  checks: z.array(
    z.strictObject({
      name: z.enum([
        'chain reachable',
        'chain id right',
        'nodes agree',
        'head fresh',
        'clock right',
        'factory there',
        'key loaded',
        'database writable',
        'balance above floor',
        'budget left',
        'nothing stuck',
        'not stopping',
      ]),
      /** `unknown`: something before it in the list fails. */
      state: z.enum(['well', 'failing', 'unknown']),
      advice: z.optional(z.string()),
    }),
  ),
})

/** Whether a service could do now what it is for. */
export type Readiness = z.infer<typeof readinessSchema>
