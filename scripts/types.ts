// Type-checks every room by its own tsconfig, so that a room sees only the globals that it may use.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

const rooms = [
  'contracts',
  'core',
  'db',
  'edge',
  'worker-node',
  'dashboard',
  'simulator',
  'local',
  'local/phone/page',
  'migrations',
  'scripts',
  'bench',
  'tests',
]

function check(room: string): Promise<boolean> {
  return new Promise((resolve) => {
    const tsc = path.join('node_modules', 'typescript', 'bin', 'tsc')
    const child = spawn(process.execPath, [tsc, '--pretty', 'false', '-p', room], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('close', (code) => {
      if (code !== 0) console.error(`types: ${room}\n${output}`)
      resolve(code === 0)
    })
  })
}

const asked = process.argv.slice(2)
const results: boolean[] = []
for (const room of asked.length > 0 ? asked : rooms) {
  if (!existsSync(path.join(room, 'tsconfig.json'))) throw new Error(`There is no room "${room}".`)
  results.push(await check(room))
}
if (results.includes(false)) process.exitCode = 1
