import { expect } from 'chai'
import { DOCS_POLICY } from '@coupon-secure/service/docs-page'
import { relayerAnswerSchema } from '@coupon-secure/protocol/wire-redemption'
import { describedRoutes, openApi, OPENAPI } from './openapi.ts'
import { FACTORY, sharedWorld } from './rehearsal.ts'
import { rehearse, WEB } from './rehearsal-relayer.ts'

describe('the relayer’s description', function () {
  this.timeout(60_000)
  let relayer: Awaited<ReturnType<typeof rehearse>>
  before(async () => {
    const world = await sharedWorld()
    relayer = await rehearse({ world, key: await world.fundedKey() })
  })
  after(() => relayer.close())

  it('has every route, and no other, as OpenAPI 3.1 and as a page that runs nothing', async () => {
    const served = relayer.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method.toLowerCase()} ${path}`)
    const described = describedRoutes.map(({ method, path }) => `${method} ${path}`)
    expect(new Set(served)).to.deep.equal(new Set(described))
    const told: unknown = await (await relayer.ask(OPENAPI)).json()
    expect(told).to.deep.equal(JSON.parse(JSON.stringify(openApi())))
    const docs = await relayer.ask('/docs')
    expect(docs.headers.get('content-security-policy')).to.equal(DOCS_POLICY)
    const page = await docs.text()
    expect(page).to.contain('href="v1/openapi.json"')
    expect(page).not.to.match(/<script|https?:|javascript:| style=| on\w+=/i)
  })

  it('says who it is, whether it is well, and what it counts, naming nobody', async () => {
    const who = relayerAnswerSchema.parse(await (await relayer.ask('/v1/relayer')).json())
    expect(who).to.deep.equal({
      chainId: 31337,
      factory: FACTORY,
      senders: [relayer.payer.address],
    })
    expect((await relayer.ask('/healthz')).status).to.equal(200)
    expect((await relayer.ask('/readyz')).status).to.equal(200)
    await relayer.ask('/v1/redemptions/0x12')
    const text = await (await relayer.ask('/metrics')).text()
    expect(text).to.contain('route="/v1/redemptions/:digest"')
    expect(text).to.match(/relayer_answers_total\{.*code="REDEMPTION_UNKNOWN"\} 1/)
    expect(text).not.to.contain('0x12')
  })

  it('answers our pages, and no others', async () => {
    const from = (origin: string) => relayer.ask('/v1/relayer', { headers: { origin } })
    expect((await from(WEB)).headers.get('access-control-allow-origin')).to.equal(WEB)
    expect((await from('https://elsewhere.example')).status).to.equal(403)
    expect((await relayer.ask('/v1/redemptions')).status, 'no list of all').to.equal(405)
  })
})
