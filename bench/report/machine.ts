import { readFileSync } from 'node:fs'
import { cpus, loadavg, platform, release, totalmem } from 'node:os'

export interface Machine {
  cpu: string
  cores: number
  memoryGb: number
  os: string
  /** How busy it was with other things in the minute before. */
  loadBefore: number
  node: string
  baileys: string
  libsignal: string
}

export function describeMachine(): Machine {
  const [cpu] = cpus()
  return {
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    os: `${platform()} ${release()}`,
    loadBefore: Number(loadavg()[0]?.toFixed(1)),
    node: process.version,
    baileys: versionOf('@whiskeysockets/baileys'),
    libsignal: versionOf('libsignal'),
  }
}

function versionOf(name: string): string {
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
