import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { findProgram } from '#local/testing/find-program.ts'
import { ansibleFiles, ansibleFolder } from './ansible-files.ts'

const run = promisify(execFile)
const playbooks = ansibleFiles(/^\w+\.yml$/)
const env = { ...process.env, ANSIBLE_NOCOLOR: '1', ANSIBLE_CONFIG: path.join(ansibleFolder, 'ansible.cfg') }
const ask = (program: string, args: string[]) => run(program, args, { cwd: ansibleFolder, env })

const ansible = findProgram('ansible-playbook')
if (ansible === undefined)
  process.stderr.write('\nPlaybooks are not looked at: ansible-playbook is missing (apt-get install ansible-core).\n')

describe.skipIf(ansible === undefined)('playbooks', () => {
  it('are understood, with the example inventory', async () => {
    const { stdout } = await ask(ansible!, ['--syntax-check', '-i', 'inventory/example', ...playbooks])
    expect(stdout.match(/playbook: .+/g)).toHaveLength(playbooks.length)
    expect(playbooks.length).toBeGreaterThanOrEqual(6)
  })

  it.each(['drain.yml', 'remove.yml'])('%s without --limit does nothing, and says why', async (playbook) => {
    const { code, stdout } = (await ask(ansible!, ['-i', 'inventory/example', playbook]).catch(
      (error: unknown) => error,
    )) as {
      code?: number
      stdout: string
    }
    expect(code).not.toBe(0)
    expect(stdout).toContain('Name the machines with --limit')
    expect(stdout).toContain('changed=0')
  })

  it.each([
    [['-e', 'worker_session_key_ring='], 'worker_session_key_ring is not set.'],
    [['-e', 'worker_session_key_ring=k1:short'], 'worker_session_key_ring must look like'],
    [['-e', 'worker_api_origin=https://api.example.com/'], 'worker_api_origin must look like https://api.example.com'],
  ])('with %j a deployment stops before it asks anybody', async (args, sentence) => {
    const local = [
      '-i',
      'inventory/example',
      '--limit',
      'sao-paulo-1',
      '-e',
      'ansible_connection=local',
      '-e',
      'ansible_become=false',
    ]
    const failed = (await ask(ansible!, [...local, ...args, 'deploy.yml']).catch((error: unknown) => error)) as {
      stdout: string
    }
    expect(failed.stdout).toContain(sentence)
    expect(failed.stdout).toMatch(/changed=0 .*failed=1/)
  })

  // drain.yml and activate.yml ask the API alone, so that they go on when the machine does not answer.
  it.each(['provision', 'enroll', 'deploy', 'rotate-secrets', 'remove', 'restore'])(
    '%s.yml says in a sentence of its own that a machine cannot be reached',
    async (name) => {
      const nowhere = ['-i', 'inventory/example', '--limit', 'sao-paulo-1', '-e', 'ansible_host=127.0.0.1']
      const failed = (await ask(ansible!, [
        ...nowhere,
        '-e',
        'ansible_port=9',
        '-e',
        'base_reach_seconds=1',
        `${name}.yml`,
      ]).catch((error: unknown) => error)) as { stdout: string }
      expect(failed.stdout).toMatch(
        /sao-paulo-1 cannot be reached over SSH at 127\.0\.0\.1, so nothing was changed there \(.*Connection refused.*\)/,
      )
      expect(failed.stdout).not.toContain('UNREACHABLE')
      expect(failed.stdout).toMatch(/changed=0 .*failed=1/)
    },
  )

  it('that reach no API say so, without a secret', async () => {
    const local = ['-i', 'inventory/example', '--limit', 'sao-paulo-1', '-e', 'worker_api_origin=http://127.0.0.1:9']
    const failed = (await ask(ansible!, [...local, '-e', 'control_plane_password=canary', 'activate.yml']).catch(
      (error: unknown) => error,
    )) as { stdout: string }
    expect(failed.stdout).toContain(
      'http://127.0.0.1:9 did not let playbooks@example.com in, so nothing was changed there',
    )
    expect(failed.stdout).toContain('Connection refused')
    expect(failed.stdout).not.toContain('canary')
  })
})

const lint = findProgram('ansible-lint')
if (lint === undefined)
  process.stderr.write('\nPlaybooks are not linted: ansible-lint is missing (apt-get install ansible-lint).\n')

it.skipIf(lint === undefined)('playbooks are clean to ansible-lint', async () => {
  const { stdout } = await ask(lint!, ['--offline', '--nocolor', '--format', 'pep8'])
  expect(stdout).toBe('')
})
