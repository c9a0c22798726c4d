import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: { name: 'wal', include: ['wal/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'pullplug',
          include: ['{harness,matrix,docs,rehearsal}/**/*.test.ts'],
          globalSetup: ['./vitest.setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'workflows',
          include: ['rehearsal/*.rehearsal.ts'],
          testTimeout: 840_000,
        },
      },
    ],
  },
})
