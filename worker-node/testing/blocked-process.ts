// A process with a watchdog, whose event loop stands still as soon as it is told to.
import { startWatchdog } from '#worker-node/lease/watchdog.ts'

startWatchdog({ limitMs: Number(process.argv[2]), tickMs: 50 })
process.on('message', (order) => {
  if (order === 'end') process.exit(0)
  for (;;);
})
process.send?.('ready')
