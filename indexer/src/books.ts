import { ponder } from 'ponder:registry'
import schema from 'ponder:schema'
import { keep } from './record.ts'

ponder.on('CouponBookFactory:BookCreated', async ({ event, context }) => {
  const { book: address, creator, name } = event.args
  await context.db.insert(schema.book).values({
    address,
    creator,
    name,
    createdAt: event.block.timestamp,
    block: event.block.number,
    transaction: event.transaction.hash,
  })
})

ponder.on('CouponBook:WitnessAdded', async ({ event, context }) => {
  await keep({ event, context })
  const { key, ...entry } = event.args
  const now = { ...entry, addedAt: event.block.timestamp, removedAt: null }
  await context.db
    .insert(schema.witness)
    .values({ book: event.log.address, key, ...now, vouched: 0 })
    .onConflictDoUpdate(now)
})

ponder.on('CouponBook:WitnessRemoved', async ({ event, context }) => {
  await keep({ event, context })
  await context.db
    .update(schema.witness, { book: event.log.address, key: event.args.key })
    .set({ removedAt: event.block.timestamp })
})

ponder.on('CouponBook:RoleGranted', async ({ event, context }) => {
  await keep({ event, context })
  const { role, account } = event.args
  await context.db
    .insert(schema.role)
    .values({ book: event.log.address, role, account, since: event.block.timestamp })
})

ponder.on('CouponBook:RoleRevoked', async ({ event, context }) => {
  await keep({ event, context })
  const { role, account } = event.args
  await context.db.delete(schema.role, { book: event.log.address, role, account })
})

// What changes no row is kept as it is, so that the record is whole.
for (const name of [
  'ContractURIUpdated',
  'DefaultAdminDelayChangeCanceled',
  'DefaultAdminDelayChangeScheduled',
  'DefaultAdminTransferCanceled',
  'DefaultAdminTransferScheduled',
  'EIP712DomainChanged',
  'Initialized',
  'RoleAdminChanged',
] as const) {
  ponder.on(`CouponBook:${name}`, keep)
}
