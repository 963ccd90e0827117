// A process of its own, because nothing inside the supervisor runs any more once that is killed: it is told process ids
// over its IPC channel and ends them when the channel closes, unless it was told `off`. Plain JavaScript, to start at once.
const guarded = []

process.on('message', (message) => {
  if (message === 'off') process.exit(0)
  guarded.push(message)
})
process.on('disconnect', () => {
  for (const pid of guarded) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended before.
    }
  }
  process.exit(0)
})
// Ctrl-C reaches every process of the terminal; this one ends with its supervisor.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
