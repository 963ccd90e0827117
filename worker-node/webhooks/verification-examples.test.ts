import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { Webhook } from 'standardwebhooks'

const page = readFileSync(new URL('../../docs/webhooks.md', import.meta.url), 'utf8')

function example(name: string): string {
  const code = new RegExp(`<!-- example: ${name} -->\\s+\`\`\`\\w+\\n([^]*?)\`\`\``).exec(page)?.[1]
  if (code === undefined) throw new Error(`docs/webhooks.md has no example for ${name}.`)
  return code
}

const [secret, other] = [1, 2].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`) as [string, string]
const body = '{"text":"Olá"}'
const signed = (secrets: string[], at = new Date()) => ({
  'webhook-id': 'evt_1',
  'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
  'webhook-signature': secrets.map((one) => new Webhook(one).sign('evt_1', at, body)).join(' '),
})

/** What came, and whether it is to be believed. */
const cases: { what: string; headers: Record<string, string>; body: string; genuine: boolean }[] = [
  { what: 'a call', headers: signed([secret]), body, genuine: true },
  { what: 'a call during a rotation', headers: signed([other, secret]), body, genuine: true },
  { what: 'a call signed by another secret', headers: signed([other]), body, genuine: false },
  { what: 'another body', headers: signed([secret]), body: body.replace('á', 'a'), genuine: false },
  { what: 'an old call', headers: signed([secret], new Date(Date.now() - 3_600_000)), body, genuine: false },
  { what: 'no headers', headers: {}, body, genuine: false },
]

describe('the examples of docs/webhooks.md believe what the library signed, and nothing else:', () => {
  it('Node', async () => {
    const source = `data:text/javascript,${encodeURIComponent(example('node'))}`
    const { isFromWharf } = (await import(/* @vite-ignore */ source)) as {
      isFromWharf: (secret: string, headers: Record<string, string>, body: Buffer) => boolean
    }
    for (const { what, headers, body: came, genuine } of cases) {
      expect([what, isFromWharf(secret, headers, Buffer.from(came))]).toEqual([what, genuine])
    }
  })

  it('Python', ({ skip }) => {
    if (spawnSync('python3', ['--version']).status !== 0) skip('There is no python3 on this machine.')
    const script = `${example('python')}
import json, sys
print(json.dumps([is_from_wharf(sys.argv[1], c["headers"], c["body"].encode()) for c in json.loads(sys.argv[2])]))`
    const { stdout, stderr } = spawnSync('python3', ['-c', script, secret, JSON.stringify(cases)], { encoding: 'utf8' })
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual(cases.map(({ genuine }) => genuine))
  })

  it('Go', { timeout: 120_000 }, async ({ skip }) => {
    if (spawnSync('go', ['version']).status !== 0) skip('There is no Go on this machine.')
    const folder = await mkdtemp(path.join(tmpdir(), 'wharf-go-'))
    try {
      const write = (name: string, text: string) => writeFile(path.join(folder, name), text)
      await mkdir(path.join(folder, 'hooks'))
      await write('go.mod', 'module example\n')
      await write('hooks/hooks.go', example('go'))
      await write('main.go', goMain)
      const { stdout, stderr } = spawnSync('go', ['run', '.', secret, JSON.stringify(cases)], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, GOFLAGS: '-mod=mod', GOCACHE: path.join(folder, 'cache'), GOTOOLCHAIN: 'local' },
      })
      expect(stderr).toBe('')
      expect(JSON.parse(stdout)).toEqual(cases.map(({ genuine }) => genuine))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

/** Asks the example about the cases in its second argument. */
const goMain = `package main

import (
	"encoding/json"
	"example/hooks"
	"net/http"
	"os"
)

func main() {
	var cases []struct {
		Headers map[string]string
		Body    string
	}
	if err := json.Unmarshal([]byte(os.Args[2]), &cases); err != nil {
		panic(err)
	}
	answers := []bool{}
	for _, c := range cases {
		header := http.Header{}
		for name, value := range c.Headers {
			header.Set(name, value)
		}
		answers = append(answers, hooks.IsFromWharf(os.Args[1], header, []byte(c.Body)))
	}
	json.NewEncoder(os.Stdout).Encode(answers)
}
`
