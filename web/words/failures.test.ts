import fs from 'node:fs'
import { errorSentenceFor } from '@coupon-secure/protocol/wire-errors'
import { redemptionSentenceFor } from '@coupon-secure/protocol/wire-redemption'
import { sentenceFor } from '@coupon-secure/protocol/wire'
import { couponBookAbi } from '@coupon-secure/protocol/abi'
import { expect } from 'chai'
import type { Failure } from '../chain/explain-revert.ts'
import { sentences as reverts } from '../chain/explain-revert.ts'
import { argumentsOf, compileMessage } from './compile.ts'
import { LANGUAGES } from './languages.ts'
import { wordsOf } from './words.ts'

const WEB = new URL('..', import.meta.url)
const catalogueOf = (tag: string) =>
  JSON.parse(fs.readFileSync(new URL(`${tag}.json`, import.meta.url), 'utf8')) as Record<
    string,
    string
  >
const others = LANGUAGES.filter(({ tag }) => tag !== 'en')

// What a service says to whoever speaks to it wrongly: only our own mistake could show it to a holder, who can do nothing about it.
const FOR_PROGRAMMERS =
  /^(ACCURACY_INVALID|ADDRESS_ZERO|BODY|CONTENT_TYPE|ENCODING|FIELD|HEX|JSON|LATITUDE|LOG_|LONGITUDE|METHOD|NOT_FOUND|NUMBER|ORIGIN|TIMESTAMP)/

// Of the local chain’s demo tools, which are English.
const FOR_TRIALS = new Set(['COORDINATES_INVALID'])

/** The contract's errors that a holder's call can meet; the others stop organisers, whose pages are English. */
const HOLDERS_REVERTS = [
  'CampaignHasClosed',
  'CampaignIsOver',
  'CampaignIsPaused',
  'CampaignNotOpen',
  'CouponAlreadyRedeemed',
  'CouponIsRevoked',
  'HolderSignatureInvalid',
  'NotAWitness',
  'NotIssued',
  'NothingLeft',
  'ObservedInFuture',
  'ObservedOutsideWindow',
  'PresenceMissing',
  'RedeemExpired',
  'StandbyNotYet',
  'StatementExpired',
  'StatementForOtherGeofence',
  'StatementTooLong',
  'UnknownCampaign',
  'UnknownFunction',
  'UnknownShard',
  'UnknownSite',
  'WitnessNotAtSite',
  'WitnessNotValid',
] as const satisfies readonly (keyof typeof reverts)[]

describe('the sentences of failures', () => {
  const codes = new Set([
    ...Object.keys(sentenceFor),
    ...Object.keys(redemptionSentenceFor),
    ...Object.keys(errorSentenceFor).filter((code) => !FOR_PROGRAMMERS.test(code)),
    ...HOLDERS_REVERTS,
    ...codesIn(['features/redeem', 'features/home', 'chain']),
  ])

  for (const { tag } of others) {
    it(`are all there in ${tag}, and none is left that nobody says`, () => {
      const said = Object.keys(catalogueOf(tag)).flatMap(
        (key) => /^failure\.(.+)/.exec(key)?.[1] ?? [],
      )
      expect(
        [...codes].filter((code) => !said.includes(code)),
        'missing',
      ).to.deep.equal([])
      expect(
        said.filter((code) => !codes.has(code)),
        'useless',
      ).to.deep.equal([])
    })

    it(`name in ${tag} what the contract says, and nothing that it does not`, () => {
      const catalogue = catalogueOf(tag)
      for (const code of HOLDERS_REVERTS) {
        const facts = [...reverts[code].matchAll(/\{(\d)/g)].map(([, index]) => index)
        const named = Object.keys(argumentsOf(catalogue[`failure.${code}`] ?? ''))
        expect(facts, code).to.include.members(named)
      }
      const rest = [...codes].filter((code) => !(code in reverts))
      for (const code of rest) {
        expect(argumentsOf(catalogue[`failure.${code}`] ?? ''), code).to.deep.equal({})
      }
    })
  }

  it('are of errors that the contract has', () => {
    const names = new Set(
      couponBookAbi.flatMap((entry) => (entry.type === 'error' ? [entry.name] : [])),
    )
    expect(HOLDERS_REVERTS.filter((name) => !names.has(name))).to.deep.equal([])
  })
})

describe('explain', () => {
  const explainerOf = (tag: string) => {
    const language = LANGUAGES.find((one) => one.tag === tag)!
    const compiled = Object.entries(catalogueOf(tag)).map(([key, text]) => [
      key,
      compileMessage(text),
    ])
    return wordsOf({ language, catalogue: Object.fromEntries(compiled) }).explain
  }
  const odd: Failure = { code: 'NEVER_HEARD_OF', sentence: 'Odd.' }

  it('says the failure’s own sentence in English', () => {
    expect(explainerOf('en')(odd)).to.equal('Odd.')
  })

  it('says its own sentence in any other, and never an English one', () => {
    for (const { tag } of others) {
      const explain = explainerOf(tag)
      expect(explain(odd)).to.equal(explain({ code: 'UNEXPECTED', sentence: 'x' }))
      expect(explain({ code: 'constructor', sentence: 'x' })).to.equal(explain(odd))
      expect(explain(odd)).not.to.match(/[a-z]{2}/i)
    }
  })

  it('puts a time into it as the language writes it', () => {
    const facts = { 0: new Date(Date.UTC(2026, 1, 14, 6, 30)) }
    const told = explainerOf('hi')({ code: 'CampaignNotOpen', sentence: '', facts })
    expect(told).to.contain('फ़र॰ 2026').and.not.to.contain('{')
  })
})

/** The codes that these places give failures. */
function codesIn(places: readonly string[]): string[] {
  const files = places.flatMap((place) => {
    const at = new URL(place, WEB)
    if (!fs.statSync(at).isDirectory()) return [at]
    const names = fs.readdirSync(at).filter((name) => /(?<!\.test)\.tsx?$/.test(name))
    return names.map((name) => new URL(`${place}/${name}`, WEB))
  })
  return files.flatMap((file) => {
    const text = fs.readFileSync(file, 'utf8')
    const direct = [...text.matchAll(/code: '([A-Z_]+)'/g)]
    const tables = [...text.matchAll(/^ {2}([A-Z]+_[A-Z_]+):(?: '|\n)/gm)]
    const calls = [...text.matchAll(/\b(?:failed|no)\('([A-Z_]+)'/g)]
    const codes = [...direct, ...tables, ...calls].flatMap(([, code]) => code ?? [])
    return codes.filter((code) => !FOR_TRIALS.has(code))
  })
}
