import { Hono } from 'hono'
import { client, graphql } from 'ponder'
import { db } from 'ponder:api'
import schema from 'ponder:schema'

const LONGEST_QUERY = 6_000 // characters

const app = new Hono()
let questions = 0

// Whoever may read the chain may read this, from any page; nobody may write, and Ponder lets no statement but SELECT through.
app.use('/graphql', async (c, next) =>
  ['GET', 'POST', 'OPTIONS'].includes(c.req.method) ? next() : c.text('Read only.', 405),
)
app.use('/graphql', graphql({ db, schema }))

// Ponder counts a live query before it reads it, and does not give back what broke: nothing malformed may come so far.
app.use('/sql/*', async (c, next) => {
  if (c.req.method !== 'GET') return c.text('Read only.', 405)
  return isQuery(c.req.query('sql')) ? next() : c.text('No query that can be read.', 400)
})
// Ponder keeps an answer until its tables change, and over PostgreSQL does not count as a change what the chain takes back: each
// question is to be a new one.
app.use('/sql/db', async (c, next) => {
  const url = new URL(c.req.url)
  const question = JSON.parse(c.req.query('sql') ?? '') as object
  url.searchParams.set('sql', JSON.stringify({ ...question, number: (questions += 1) }))
  c.req.raw = new Request(url, c.req.raw)
  await next()
})
app.use('/sql/*', client({ db, schema }))

function isQuery(text = ''): boolean {
  if (text.length > LONGEST_QUERY) return false
  try {
    const { json } = JSON.parse(text) as { json?: { sql?: unknown } }
    return typeof json?.sql === 'string'
  } catch {
    return false
  }
}

export default app
