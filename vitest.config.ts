import { defineConfig } from 'vitest/config'

// What crosses folders and needs a store runs once on each: same files, another database behind them.
const http = ['test/http/**/*.test.ts']
const storage = ['src/storage/**/*.test.ts', '{src,test/support}/**/*.postgres.test.ts']
const system = ['test/browser/**/*.test.{ts,tsx}', 'test/system/**/*.test.ts', 'test/support/**/*.system.test.ts']

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'console/**/*.test.{ts,tsx}', 'bench/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...http, ...storage, ...system],
        },
      },
      {
        extends: true,
        test: { name: 'storage', include: storage, globalSetup: ['test/support/postgres-server.ts'] },
      },
      {
        extends: true,
        test: { name: 'sqlite', include: http, env: { SALLYPORT_TEST_STORE: 'sqlite' } },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: http,
          env: { SALLYPORT_TEST_STORE: 'postgres' },
          globalSetup: ['test/support/postgres-server.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: system,
          globalSetup: ['test/support/build.ts', 'test/support/postgres-server.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
