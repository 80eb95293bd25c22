import nextPlugin from '@next/eslint-plugin-next'
import prettier from 'eslint-config-prettier'
import reactHooks from 'eslint-plugin-react-hooks'
import globals from 'globals'
import tseslint from 'typescript-eslint'

/** The walls of the house: `files` may not import what `banned` matches. */
function wall(files, banned, why) {
  return {
    files: [files].flat(),
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ group: banned, message: why }] }],
    },
  }
}

export default tseslint.config(
  {
    ignores: [
      '**/.next/**',
      '**/node_modules/**',
      '.local/**',
      '.node/**',
      'artifacts/**',
      'cache/**',
      'coverage/**',
      'ignition/deployments/**',
      'indexer/ponder-env.d.ts',
      'protocol/src/abi.ts',
      'types/**',
      'web/next-env.d.ts',
      'web/public/**',
      'web/words/compiled/**',
    ],
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      eqeqeq: 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Literal unions, not enums.' },
      ],
    },
  },
  {
    // Tests may say `!`, and chai's `expect(x).to.be.true` is an expression on purpose.
    files: ['**/*.test.ts', 'test/**/*.ts', 'indexer/test/**/*.ts', 'web/e2e/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  { files: ['**/*.mjs'], languageOptions: { globals: globals.node } },
  {
    files: ['web/**/*.{ts,tsx}'],
    ignores: ['web/e2e/**'],
    plugins: { '@next/next': nextPlugin, 'react-hooks': reactHooks },
    settings: { next: { rootDir: 'web' } },
    rules: {
      ...nextPlugin.configs.recommended.rules,
      ...nextPlugin.configs['core-web-vitals'].rules,
      ...reactHooks.configs.recommended.rules,
    },
  },
  wall(
    'protocol/**/*.ts',
    ['node:*', 'ethers', 'react', '@coupon-secure/*'],
    'protocol stands alone',
  ),
  wall(
    'service/**/*.ts',
    ['ethers', 'react', '**/web/**', '**/oracle/**', '**/relayer/**', '**/indexer/**'],
    'what services share knows the protocol alone',
  ),
  wall(
    'oracle/**/*.ts',
    ['ethers', 'react', '**/web/**', '**/relayer/**', '**/indexer/**'],
    'the oracle knows the protocol, and what services share',
  ),
  wall(
    'relayer/**/*.ts',
    ['ethers', 'react', '**/web/**', '**/oracle/**', '**/indexer/**'],
    'the relayer knows the protocol, and what services share',
  ),
  wall(
    ['indexer/*.ts', 'indexer/src/**'],
    ['ethers', 'react', '**/web/**', '**/oracle/**', '**/relayer/**', '**/scripts/**'],
    'the indexer knows the protocol alone',
  ),
  wall(
    ['web/app/**', 'web/features/**', 'web/ui/**'],
    ['ethers', 'hardhat', '**/oracle/**', '**/relayer/**', '**/indexer/**'],
    'ethers lives in web/chain; services are spoken to over HTTP',
  ),
  wall(
    'web/chain/**',
    ['hardhat', '**/oracle/**', '**/relayer/**', '**/indexer/src/**'],
    'services are spoken to over HTTP',
  ),
  wall(
    ['scripts/**', 'bench/**'],
    ['**/oracle/src/**', '**/relayer/src/**', '**/indexer/src/**'],
    'services are started, never imported',
  ),
  prettier,
)
