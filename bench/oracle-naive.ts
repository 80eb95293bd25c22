// The same service as one would write it in an afternoon, to compare with: ethers for every hash, signature and read, turf
// called as its manual shows, nothing remembered between claims, challenges in memory. Started by bench/oracle.ts.
import http from 'node:http'
import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon'
import { couponBookAbi, couponBookFactoryAbi } from '@coupon-secure/protocol/abi'
import { packProof } from '@coupon-secure/protocol/coupon'
import { evidenceTypes, RULESET, submissionTypes } from '@coupon-secure/protocol/evidence'
import { siteToGeoJson, type GeofenceDocument } from '@coupon-secure/protocol/geofence'
import { claimTypes, domainOf, presenceTypes, sessionTypes } from '@coupon-secure/protocol/presence'
import { presenceRequestSchema, type PresenceRequest } from '@coupon-secure/protocol/wire'
import { fixFrom } from '@coupon-secure/protocol/wire-evidence'
import { getBytes, hexlify, JsonRpcProvider, randomBytes, TypedDataEncoder, Wallet } from 'ethers'
import { Contract, verifyTypedData, type TypedDataField } from 'ethers'

const {
  PORT = '',
  RPC_URL = '',
  CHAIN_ID = '',
  FACTORY_ADDRESS = '',
  ORACLE_KEY = '',
} = process.env
const provider = new JsonRpcProvider(RPC_URL)
const wallet = new Wallet(ORACLE_KEY)
const challenges = new Set<string>()
let document: GeofenceDocument | undefined

const server = http.createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    answer({ path: request.url ?? '', body: Buffer.concat(chunks).toString() }).then(
      (said) => response.setHeader('content-type', 'application/json').end(JSON.stringify(said)),
      (error: unknown) => response.writeHead(422).end(JSON.stringify({ code: String(error) })),
    )
  })
})
server.listen(Number(PORT), '127.0.0.1')

async function answer({ path, body }: { path: string; body: string }): Promise<unknown> {
  switch (path) {
    case '/readyz':
      return { ok: (await provider.getBlockNumber()) > 0 }
    case '/v1/geofences':
      document = JSON.parse(body) as GeofenceDocument
      return {}
    case '/v1/challenges': {
      const challenge = hexlify(randomBytes(32))
      challenges.add(challenge)
      return { challenge }
    }
    default:
      return vouch(presenceRequestSchema.parse(JSON.parse(body)))
  }
}

async function vouch(request: PresenceRequest): Promise<unknown> {
  const { book, campaignId, serial, holder, proof, challenge, authorisation } = request
  if (!challenges.delete(challenge)) throw new Error('no such challenge')
  const domain = domainOf({ chainId: Number(CHAIN_ID), book })
  const fixes = request.positions.map(fixFrom).map((fix) => ({
    ...fix,
    altitudeMillimetres: [],
    altitudeAccuracyMillimetres: [],
    headingCentidegrees: [],
    speedMillimetresPerSecond: [],
  }))
  const submitted = { ruleset: RULESET, challenge, source: request.source, fixes, beacon: [] }
  const submissionHash = TypedDataEncoder.hashStruct(
    'Submission',
    plain(submissionTypes),
    submitted,
  )
  const claim = { campaignId, serial, holder, challenge, evidenceHash: submissionHash }
  if (authorisation.kind !== 'session') throw new Error('sessions alone')

  const { publicKey, expiresAt, holderSignature, signature } = authorisation
  const session = { holder, publicKey, expiresAt }
  if (verifyTypedData(domain, plain(sessionTypes), session, holderSignature) !== holder) {
    throw new Error('not the holder’s session')
  }
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const raw = new Uint8Array(getBytes(publicKey))
  const key = await crypto.subtle.importKey('raw', raw, algorithm, false, ['verify'])
  const digest = getBytes(TypedDataEncoder.hash(domain, plain(claimTypes), claim))
  const signed = [new Uint8Array(getBytes(signature)), new Uint8Array(digest)] as const
  if (!(await crypto.subtle.verify(algorithm, key, ...signed))) throw new Error('not the session’s')

  const factory = new Contract(FACTORY_ADDRESS, couponBookFactoryAbi, provider)
  const contract = new Contract(book, couponBookAbi, provider)
  const read = (of: Contract, view: string, ...args: unknown[]): Promise<unknown> =>
    of.getFunction(view).staticCall(...args)
  const [isBook, , pausedAt, status] = await Promise.all([
    read(factory, 'isBook', book),
    read(contract, 'campaign', campaignId),
    read(contract, 'pausedAt', campaignId),
    read(contract, 'statusOf', campaignId, serial, holder, packProof(proof)),
  ])
  if (isBook !== true || pausedAt !== 0n || status !== 1n) throw new Error('not to be redeemed')

  const [position] = request.positions
  const site = document?.sites.find(
    (one) =>
      position &&
      booleanPointInPolygon([position.longitude, position.latitude], siteToGeoJson(one).geometry),
  )
  if (!site) throw new Error('not there')
  const observedAt = Math.floor(Date.now() / 1000)
  const evidence = { ...submitted, condition: [], earlier: [] }
  const presence = {
    campaignId,
    serial,
    holder,
    site: site.number,
    geofenceHash: `0x${'11'.repeat(32)}`,
    observedAt,
    validUntil: observedAt + 300,
    evidenceHash: TypedDataEncoder.hashStruct('Evidence', plain(evidenceTypes), evidence),
  }
  const statement = await wallet.signTypedData(domain, plain(presenceTypes), presence)
  return { granted: true, statement }
}

/** ethers wants lists that it could change. */
function plain(types: Readonly<Record<string, readonly TypedDataField[]>>) {
  return Object.fromEntries(Object.entries(types).map(([name, fields]) => [name, [...fields]]))
}
