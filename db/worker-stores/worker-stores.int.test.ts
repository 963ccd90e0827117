import { openSqlWorld } from '#db/testing/worker/sql-world.ts'
import { workerStoresConformance } from '#db/testing/worker/worker-stores-conformance.ts'
import { testDatabaseKinds } from '#local/testing/test-databases.ts'

for (const kind of testDatabaseKinds()) workerStoresConformance(kind, () => openSqlWorld(kind))
