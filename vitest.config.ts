import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Much of a test is waiting for children and disks.
    maxWorkers: '100%',
    setupFiles: ['./vitest.environment.ts'],
    projects: [
      {
        extends: true,
        test: { name: 'wal', include: ['wal/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'pullplug',
          include: [
            '{harness,matrix,api,findings,docs,rehearsal}/**/*.test.ts',
            'subjects/{wal,atomic-rename}/**/*.test.ts',
          ],
          globalSetup: ['./vitest.setup.ts'],
          setupFiles: ['./vitest.registry.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'subjects',
          include: ['subjects/*.test.ts'],
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
      {
        extends: true,
        test: {
          name: 'pictures',
          include: ['matrix/report/*.pictures.ts'],
          globalSetup: ['./vitest.setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'kills',
          include: ['rehearsal/kills/*.kills.ts'],
          globalSetup: ['./vitest.setup.ts'],
          testTimeout: 3_600_000,
        },
      },
    ],
  },
})
