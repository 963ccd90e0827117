import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { newKeyRingSpec } from '#db/crypto/key-ring.ts'
import type { SimulatorCalls } from '#bench/processes/simulator-process.ts'
import { startProcess, type StartedProcess } from '#bench/processes/start-process.ts'
import type { Account, RunCalls, SubjectCalls, SubjectSettings } from '#bench/subject/subject-calls.ts'
import type { VariantName } from '#bench/variants.ts'
import { startBenchDatabase, type BenchDatabase } from './database.ts'

export type Subject = StartedProcess<SubjectCalls>

/** What all benchmarks of a run share: one simulator and one PostgreSQL, each in a process of its own. */
export interface Stage {
  simulator: SimulatorCalls
  database: BenchDatabase
  /** Where CPU profiles go, if any are made. */
  profileFolder: string | undefined
  /** A measured process without sessions. */
  startSubject(variant: VariantName): Promise<Subject>
  /** Phones with an account each, and an instance each. */
  newAccounts(count: number): Promise<Account[]>
  /** Is ended with the rest at `close`. */
  onClose(stop: () => Promise<void>): void
  /** Ends every process and forgets everything. */
  close(): Promise<void>
}

const entries: Record<VariantName, URL> = {
  raw: new URL('../subject/raw/raw-process.ts', import.meta.url),
  driver: new URL('../subject/driver/driver-process.ts', import.meta.url),
}

export async function openStage({ profileFolder }: { profileFolder: string | undefined }): Promise<Stage> {
  const simulator = startProcess<SimulatorCalls>(new URL('../processes/simulator-process.ts', import.meta.url))
  const rawFolder = await mkdtemp(path.join(tmpdir(), 'wharf-bench-'))
  const subjects = new Set<Subject>()
  const others: (() => Promise<void>)[] = []
  let database: BenchDatabase | undefined

  async function close(): Promise<void> {
    await Promise.allSettled(others.toReversed().map((stop) => stop()))
    await Promise.all([...subjects, simulator].map(({ stop }) => stop()))
    await database?.stop()
    await rm(rawFolder, { recursive: true, force: true })
  }

  try {
    const started = await startBenchDatabase()
    database = started
    const settings: SubjectSettings = {
      simulator: await simulator.calls.address(),
      databaseUrl: started.url,
      sessionKeyRing: newKeyRingSpec(),
      rawFolder,
      profileFolder,
    }
    const run: RunCalls = {
      async scan(phoneNumber, qr) {
        await simulator.calls.scan(phoneNumber, qr)
      },
    }
    return {
      simulator: simulator.calls,
      database: started,
      profileFolder,
      async startSubject(variant) {
        const child = startProcess<SubjectCalls>(entries[variant], run)
        const subject = { ...child, stop: () => child.stop().finally(() => subjects.delete(subject)) }
        subjects.add(subject)
        await subject.calls.start(settings)
        return subject
      },
      async newAccounts(count) {
        const phoneNumbers = await simulator.calls.makePhones(count)
        return Promise.all(
          phoneNumbers.map(async (phoneNumber) => ({ phoneNumber, fence: await started.newInstance() })),
        )
      },
      onClose: (stop) => void others.push(stop),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
