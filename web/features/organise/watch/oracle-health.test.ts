import { expect } from 'chai'
import { zeroHash } from 'viem'
import { askHealth, reasonsIn } from './oracle-health.ts'

const NOW = 10_000
const METRICS = `# HELP oracle_answers_total Answers
oracle_answers_total{route="/v1/presence",method="POST",status="200",code="GRANTED"} 40
oracle_answers_total{route="/v1/presence",method="POST",status="403",code="FIX_STALE"} 2
oracle_answers_total{route="/v1/presence",method="POST",status="200",code="OUTSIDE_GEOFENCE"} 7
oracle_answers_total{route="/v1/presence",method="POST",status="403",code="OUTSIDE_GEOFENCE"} 1
oracle_answers_total{route="/v1/presence",method="POST",status="500",code="NOBODY_KNOWS"} 1
oracle_answers_total{route="/v1/log",method="GET",status="400",code="NUMBER_INVALID"} 9
`

/** An oracle that answers these paths, and 404 everywhere else. */
function oracleWith(answers: Record<string, () => Response>) {
  const fetch: typeof globalThis.fetch = (url) => {
    const path =
      url instanceof Request ? url.url : url.toString().slice('https://oracle.example'.length)
    return Promise.resolve(answers[path]?.() ?? new Response('{}', { status: 404 }))
  }
  return { oracleUrl: 'https://oracle.example', now: NOW, fetch }
}

describe('reasonsIn', () => {
  it('counts each refusal of presence, the most frequent first, with what people were told', () => {
    const reasons = reasonsIn(METRICS)
    expect(reasons.map(({ code, count }) => [code, count])).to.deep.equal([
      ['OUTSIDE_GEOFENCE', 8],
      ['FIX_STALE', 2],
      ['NOBODY_KNOWS', 1],
    ])
    for (const { sentence } of reasons) expect(sentence).to.match(/^[A-Z].*\.$/)
    expect(reasonsIn('nothing of ours')).to.deep.equal([])
  })
})

describe('askHealth', () => {
  const head = {
    ...{ size: 1_003, root: zeroHash, signedAt: NOW, signature: `0x${'11'.repeat(65)}` },
    address: '0x22962f573256D13222749Ad5cB8C86a96eB4955E',
  }
  const entry = (kind: string, loggedAt: number) => ({ kind, digest: zeroHash, loggedAt })

  it('reads what fails from a 503, the newest of the log, and the counters', async () => {
    const entries = [
      entry('refusal', NOW - 900),
      entry('statement', NOW - 899),
      entry('statement', NOW - 1),
      entry('refusal', NOW - 20),
    ]
    const failing = { ok: false, checks: [{ name: 'head fresh', state: 'failing' }] }
    const health = await askHealth(
      oracleWith({
        '/readyz': () => Response.json(failing, { status: 503 }),
        '/v1/log': () => Response.json(head),
        '/v1/log/entries?from=3&to=1003': () => Response.json({ from: 3, entries }),
        '/metrics': () => new Response(METRICS),
      }),
    )
    expect(health.readiness).to.deep.equal(failing)
    expect(health.answers).to.deep.equal({ yes: 2, no: 1, lastNoAt: NOW - 20 })
    expect(health.reasons).to.have.lengthOf(3)
  })

  it('goes without whatever is kept from the public', async () => {
    const nothing = { readiness: undefined, answers: undefined, reasons: undefined }
    expect(await askHealth(oracleWith({}))).to.deep.equal(nothing)
    const fetch = () => Promise.reject(new TypeError('Failed to fetch'))
    expect(await askHealth({ ...oracleWith({}), fetch })).to.deep.equal(nothing)
  })
})
