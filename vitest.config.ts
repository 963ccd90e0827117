import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const rooms = ['contracts', 'core', 'db', 'edge', 'worker-node', 'simulator', 'local', 'migrations', 'scripts', 'bench']

/**
 * `unit` needs nothing but Node and stays under 30 s (`npm run verify` runs it): its files share one process and its modules,
 * since loading them anew for each file took longer than the tests. Files that change what modules export for good are named
 * `*.isolated.test.ts` and run alone. `integration` runs one room against its real neighbours (`*.int.test.ts`); `e2e` is what
 * crosses rooms and lives in `tests/`.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [...rooms.map((room) => `${room}/**/*.test.ts`), 'tests/**/*.unit.test.ts'],
          exclude: ['**/*.int.test.ts', '**/*.isolated.test.ts', '**/node_modules/**'],
          isolate: false,
          // Generous, for a machine that does other things: no test is about time.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'unit-isolated',
          include: rooms.map((room) => `${room}/**/*.isolated.test.ts`),
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          globalSetup: 'local/testing/postgres-for-run.ts',
          include: rooms.map((room) => `${room}/**/*.int.test.ts`),
          exclude: ['**/node_modules/**'],
          // Files wait for other processes (workerd, a database) much of their time, so that two cores carry two of them.
          maxWorkers: Math.max(2, availableParallelism() - 1),
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          globalSetup: 'local/testing/postgres-for-run.ts',
          include: ['tests/**/*.test.ts'],
          exclude: ['**/*.unit.test.ts', '**/*.isolated.test.ts', '**/node_modules/**'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
