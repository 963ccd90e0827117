import { readArguments } from './read-arguments.ts'
import { banner } from './banner.ts'
import { startSimulator } from '#simulator/start-simulator.ts'

const { options, help, problem } = readArguments(process.argv.slice(2))
if (help !== undefined) {
  console.log(help)
} else if (problem !== undefined) {
  console.error(problem)
  process.exitCode = 2
} else {
  await run()
}

async function run(): Promise<void> {
  try {
    const simulator = await startSimulator({ ...options, log: (line) => console.log(line) })
    console.log(banner(simulator, options.dataDir))
    const stop = (): void => void simulator.stop()
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
  } catch (error) {
    console.error(sentenceOf(error))
    process.exitCode = 1
  }
}

function sentenceOf(error: unknown): string {
  const { code, port, message } = error as NodeJS.ErrnoException & { port?: number }
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken: choose another one with --port or --control-port (0 takes a free one).`
  if (code === 'EACCES' || code === 'EPERM') return `Not allowed: ${message}`
  return message
}
