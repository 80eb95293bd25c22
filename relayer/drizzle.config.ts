import { defineConfig } from 'drizzle-kit'

// After a change of src/schema.ts: npx drizzle-kit generate, in this folder.
export default defineConfig({
  dialect: 'postgresql',
  schema: './src/schema.ts',
  out: './drizzle',
})
