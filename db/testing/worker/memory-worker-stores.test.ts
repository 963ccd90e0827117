import { createMemoryWorld } from './memory-world.ts'
import { workerStoresConformance } from './worker-stores-conformance.ts'

workerStoresConformance('the fakes', async () => createMemoryWorld())
