import { describeEveryRoute } from './testing/describe-every-route.ts'
import { openWorkerdEdge } from './testing/open-workerd-edge.ts'

// It is about what is answered; a busy machine must not turn some of that into 503.
describeEveryRoute(() => openWorkerdEdge({ databaseTimeoutMs: 30_000 }))
