import { once } from 'node:events'
import http from 'node:http'
import { type AddressInfo } from 'node:net'

/** What an explorer was given to verify. */
export type Submission = {
  explorer: 'etherscan' | 'blockscout' | 'sourcify'
  address: string
  contractName: string
  compilerVersion: string
  constructorArguments: string
  /** The compiler's input, as JSON. */
  input: string
}

/** How a stand-in answers once it has looked at a submission. */
export type Verdict = (submission: Submission) => 'verified' | 'different'

/**
 * Stand-ins for three explorers on this machine, which speak as their manuals say: Etherscan's API v2,
 * Blockscout's imitation of it, and Sourcify's v2. They remember what they were given.
 */
export async function startExplorers(verdict: Verdict): Promise<{
  url: string
  submissions: Submission[]
  end: () => Promise<void>
}> {
  const submissions: Submission[] = []
  const server = http.createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const url = new URL(request.url ?? '/', 'http://localhost')
      const { status = 200, answer } = url.pathname.startsWith('/sourcify')
        ? sourcify({ url, body, submissions, verdict })
        : etherscan({ url, body, submissions, verdict })
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const end = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { url: `http://127.0.0.1:${port}`, submissions, end }
}

type Question = { url: URL; body: string; submissions: Submission[]; verdict: Verdict }
type Reply = { status?: number; answer: unknown }

function etherscan({ url, body, submissions, verdict }: Question): Reply {
  const explorer = url.pathname.startsWith('/etherscan') ? 'etherscan' : 'blockscout'
  const isAllowed = explorer === 'blockscout' || url.searchParams.get('apikey') === 'an-api-key'
  if (!isAllowed) return { answer: { status: '0', message: 'NOTOK', result: 'Invalid API Key' } }
  switch (url.searchParams.get('action')) {
    case 'getsourcecode':
      return { answer: { status: '1', message: 'OK', result: [{ SourceCode: '' }] } }
    case 'verifysourcecode': {
      const form = new URLSearchParams(body)
      submissions.push({
        explorer,
        address: form.get('contractaddress') ?? '',
        contractName: form.get('contractname') ?? '',
        compilerVersion: form.get('compilerversion') ?? '',
        constructorArguments: form.get('constructorArguments') ?? '',
        input: form.get('sourceCode') ?? '',
      })
      return { answer: { status: '1', message: 'OK', result: String(submissions.length - 1) } }
    }
    case 'checkverifystatus': {
      const submission = submissions[Number(url.searchParams.get('guid'))]!
      const isVerified = verdict(submission) === 'verified'
      const result = isVerified ? 'Pass - Verified' : 'Fail - Unable to verify'
      return { answer: { status: '1', message: 'OK', result } }
    }
    default:
      return { status: 404, answer: {} }
  }
}

function sourcify({ url, body, submissions, verdict }: Question): Reply {
  const [, , , what, first = '', address = ''] = url.pathname.split('/')
  const nothing = { match: null, creationMatch: null, runtimeMatch: null, chainId: first, address }
  if (what === 'contract') return { status: 404, answer: nothing }
  if (address !== '') {
    const { stdJsonInput, contractIdentifier, compilerVersion } = JSON.parse(body)
    submissions.push({
      ...{ explorer: 'sourcify', address, compilerVersion, constructorArguments: '' },
      contractName: contractIdentifier,
      input: JSON.stringify(stdJsonInput),
    })
    return { status: 202, answer: { verificationId: String(submissions.length - 1) } }
  }
  const isVerified = verdict(submissions[Number(first)]!) === 'verified'
  const error = {
    ...{ customCode: 'no_match', errorId: first },
    message: "The onchain and recompiled bytecodes don't match.",
  }
  const job = {
    ...{ isJobCompleted: true, verificationId: first, jobStartTime: '2025-01-01T00:00:00Z' },
    contract: isVerified ? { ...nothing, match: 'exact_match' } : nothing,
  }
  return { answer: isVerified ? job : { ...job, error } }
}

async function bodyOf(request: http.IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}
