import { geofenceDocumentSchema } from '@coupon-secure/protocol/geofence'
import * as wire from '@coupon-secure/protocol/wire'
import * as pairing from '@coupon-secure/protocol/wire-pairing'
import * as log from '@coupon-secure/protocol/wire-log'
import { workerAnswerSchema, workerRequestSchema } from '@coupon-secure/protocol/wire-worker'
import { routesOfAll, type DescribedRoute } from '@coupon-secure/service/openapi'
import * as z from 'zod/mini'

/** Every route of the oracle. `openapi.test.ts` holds the program to it, and each answer of each test. */
export const describedRoutes: readonly DescribedRoute[] = [
  {
    method: 'get',
    path: '/v1/oracle',
    summary: 'Who the oracle is and what it serves.',
    answers: { 200: wire.oracleAnswerSchema },
  },
  {
    method: 'post',
    path: '/v1/challenges',
    summary: 'A challenge for one coupon and its holder, good once, for sixty seconds.',
    body: wire.challengeRequestSchema,
    answers: { 200: wire.challengeAnswerSchema },
  },
  {
    method: 'post',
    path: '/v1/presence',
    summary:
      'A statement that the holder was there (200), or a signed refusal with its reason (422). Signed for, with the challenge, by the holder or their session key.',
    body: wire.presenceRequestSchema,
    answers: { 200: wire.grantSchema, 422: wire.refusalAnswerSchema },
  },
  {
    method: 'post',
    path: '/v1/geofences',
    summary:
      'Registers a geofence document under its hash: 201 when it is new, 200 when it was known, 422 with all that is wrong with it.',
    body: geofenceDocumentSchema,
    answers: { 200: wire.geofenceAnswerSchema, 201: wire.geofenceAnswerSchema },
  },
  {
    method: 'get',
    path: '/v1/geofences/:hash',
    summary: 'A geofence document that anybody may read.',
    answers: { 200: wire.geofenceReadAnswerSchema },
  },
  {
    method: 'post',
    path: '/v1/geofences/:hash/read',
    summary: 'A geofence document for whoever holds a coupon that uses it.',
    body: wire.geofenceReadRequestSchema,
    answers: { 200: wire.geofenceReadAnswerSchema },
  },
  {
    method: 'post',
    path: '/v1/pairings',
    summary:
      'Joins a holder’s two browsers for five minutes: keeps, sealed, what the wallet’s page asks. Signed for as a geofence’s reading is.',
    body: pairing.pairingRequestSchema,
    answers: { 200: pairing.pairingAnswerSchema },
  },
  {
    method: 'post',
    path: '/v1/pairings/open',
    summary: 'What the wallet’s page asks, for the first browser that has the code, and no other.',
    body: pairing.pairingOpenSchema,
    answers: { 200: pairing.pairingOpenedSchema },
  },
  {
    method: 'post',
    path: '/v1/pairings/answer',
    summary: 'The other browser’s answer, sealed; a newer one takes its place.',
    body: pairing.pairingReplySchema,
    answers: { 200: pairing.pairingDoneSchema },
  },
  {
    method: 'post',
    path: '/v1/pairings/look',
    summary: 'Whether the code was opened, and the last answer, for the wallet’s page.',
    body: pairing.pairingLookSchema,
    answers: { 200: pairing.pairingSeenSchema },
  },
  {
    method: 'post',
    path: '/v1/pairings/end',
    summary: 'Forgets what was said; the code is used.',
    body: pairing.pairingLookSchema,
    answers: { 200: pairing.pairingDoneSchema },
  },
  {
    method: 'post',
    path: '/v1/workers',
    summary: 'Binds a holder to their account of the tracking app, or takes that back.',
    body: workerRequestSchema,
    answers: { 200: workerAnswerSchema },
  },
  {
    method: 'post',
    path: '/v1/hypertrack/webhooks/:token',
    summary:
      'For HyperTrack alone: a hint that a device has news. Never believed, only looked after.',
    body: z.array(z.unknown()),
    answers: { 204: 'nothing' },
  },
  {
    method: 'get',
    path: '/v1/log',
    summary: 'The signed head of the append-only log of statements and refusals.',
    answers: { 200: log.logHeadAnswerSchema },
  },
  {
    method: 'get',
    path: '/v1/log/inclusion',
    summary: 'That an entry is in the log.',
    query: log.inclusionQuerySchema,
    answers: { 200: log.inclusionAnswerSchema },
  },
  {
    method: 'get',
    path: '/v1/log/consistency',
    summary: 'That a longer log begins with the shorter one.',
    query: log.consistencyQuerySchema,
    answers: { 200: log.consistencyAnswerSchema },
  },
  {
    method: 'get',
    path: '/v1/log/entries',
    summary: 'Entries of the log.',
    query: log.entriesQuerySchema,
    answers: { 200: log.entriesAnswerSchema },
  },
  ...routesOfAll({ serves: 'Whether it could vouch now', description: '/openapi.json' }),
]
