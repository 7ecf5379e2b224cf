import path from 'node:path'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

const writesOfAnotherModule = {
  regex: String.raw`^\.\.?/(\.\./)*([a-z-]+/)+queries\.ts$`,
  importNamePattern: '^(insert|update|delete|lock)',
  message:
    'A module writes its own tables: call one of its actions. Its select… functions may be used by later modules.',
}

const shapeOfARow = {
  selector: ':function CallExpression[callee.property.name=/^(object|extend)$/]',
  message:
    'zod compiles a shape when it is first used: one made for each query is compiled for each. Make it beside.',
}

const everywhere = {
  eqeqeq: 'error',
  'no-control-regex': 'error',
  'no-unreachable': 'error',
}

// Rules that find faults; how code looks is left to prettier and to us.
export default defineConfig(
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { files: ['**/*.js'], rules: { ...everywhere, 'no-unused-vars': 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.base],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: path.join(import.meta.dirname, '..') },
    },
    rules: {
      ...everywhere,
      'no-restricted-imports': ['error', { patterns: [writesOfAnotherModule] }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'none' }],
      '@typescript-eslint/no-floating-promises': 'error',
      // Express 5 waits for what a handler returns, and hands a rejection to the error page.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-properties': ['error', { object: 'URL', property: 'canParse', message: 'Use parseUrl' }],
      'no-console': 'error',
      '@typescript-eslint/no-unsafe-argument': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-call': 'error',
      '@typescript-eslint/no-unsafe-member-access': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
    },
  },
  { files: ['src/**/queries.ts'], rules: { 'no-restricted-syntax': ['error', shapeOfARow] } },
)
