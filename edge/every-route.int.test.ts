import { describeEveryRoute } from './testing/describe-every-route.ts'
import { openWorkerdEdge } from './testing/open-workerd-edge.ts'

describeEveryRoute(openWorkerdEdge)
