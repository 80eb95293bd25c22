import { expect } from 'chai'
import { DOCS_POLICY } from '@coupon-secure/service/docs-page'
import { describedRoutes } from './openapi-routes.ts'
import { openApi } from './openapi.ts'
import { rehearse } from './rehearsal.ts'
import { requireDescribed } from './rehearsal-described.ts'

describe('the description', () => {
  let rehearsal: Awaited<ReturnType<typeof rehearse>>
  before(async function () {
    this.timeout(60_000)
    rehearsal = await rehearse()
  })

  it('has every route of the oracle, and no other', () => {
    const served = rehearsal.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method.toLowerCase()} ${path}`)
    const described = describedRoutes.map(({ method, path }) => `${method} ${path}`)
    // Only where there is an account of HyperTrack's.
    const optional = 'post /v1/hypertrack/webhooks/:token'
    expect(new Set([...served, optional])).to.deep.equal(new Set(described))
  })

  it('is OpenAPI 3.1, served as JSON, the same each time', async () => {
    const response = await rehearsal.app.request('/openapi.json')
    const served = (await response.json()) as ReturnType<typeof openApi>
    expect(served).to.deep.equal(JSON.parse(JSON.stringify(openApi())))
    expect(served.openapi).to.equal('3.1.0')
    for (const [path, operations] of Object.entries(served.paths)) {
      for (const { summary, parameters, responses } of Object.values(operations)) {
        expect(summary, path).to.match(/\.$/)
        const inPath = parameters.filter((one) => one.in === 'path').map(({ name }) => `{${name}}`)
        expect(path.match(/\{\w+\}/g) ?? [], path).to.deep.equal(inPath)
        expect(responses, path).to.have.property('default')
      }
    }
  })

  it('describes requests by what they are read with', () => {
    const body = openApi().paths['/v1/presence']?.post?.requestBody?.content['application/json']
    expect(body?.schema).to.include({ type: 'object', additionalProperties: false })
    expect(body?.schema.required).to.include.members(['challenge', 'positions', 'authorisation'])
    expect(body?.schema.properties).to.have.nested.property('holder.pattern', '^0x[0-9a-fA-F]{40}$')
    expect(body?.schema.properties).to.have.nested.property('serial.type', 'string')
  })

  it('is a page that runs nothing and loads nothing', async () => {
    const response = await rehearsal.app.request('/docs')
    expect(response.headers.get('content-type')).to.match(/^text\/html/)
    expect(response.headers.get('content-security-policy')).to.equal(DOCS_POLICY)
    expect(DOCS_POLICY).not.to.contain('unsafe')
    const page = await response.text()
    expect(page).not.to.match(/<script|https?:|javascript:| style=| on\w+=/i)
    for (const { method, path } of describedRoutes) {
      const heading = `${method.toUpperCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`
      expect(page).to.contain(`<code>${heading}</code>`)
    }
  })

  it('is what the answers of all tests are held to', async () => {
    const answer = (body: unknown) => ({
      method: 'GET',
      url: '/v1/oracle',
      response: Response.json(body),
    })
    const right: unknown = await (await rehearsal.app.request('/v1/oracle')).json()
    await requireDescribed(answer(right))
    for (const change of [{ extra: 1 }, { chainId: '31337' }, { factory: '0x12' }]) {
      const wrong = answer({ ...(right as object), ...change })
      const outcome = await requireDescribed(wrong).catch((error: unknown) => String(error))
      expect(outcome).to.contain('not as described')
    }
  })
})
