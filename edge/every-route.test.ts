import { expect, it } from 'vitest'
import { describeEveryRoute } from './testing/describe-every-route.ts'
import { openMemoryEdge } from './testing/open-memory-edge.ts'
import { probedRoutes } from './testing/route-probes.ts'
import { routeTable } from './routes/route-table.ts'

describeEveryRoute(() => openMemoryEdge())

it('has a probe for each route and none too many', () => {
  expect(probedRoutes.toSorted()).toEqual(
    routeTable.map(({ contract }) => `${contract.method} ${contract.path}`).toSorted(),
  )
})
