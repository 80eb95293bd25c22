import { Hono } from 'hono'
import { client, graphql } from 'ponder'
import { db } from 'ponder:api'
import schema from 'ponder:schema'

const LONGEST_QUERY = 6_000 // characters

const app = new Hono()

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
