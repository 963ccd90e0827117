import { readFileSync } from 'node:fs'
import path from 'node:path'
import { build, type Plugin } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '#db/config/variables.ts'
import { parseWorkerConfig } from './config.ts'

const root = path.dirname(import.meta.dirname)
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
const dockerfile = read('worker-node/Dockerfile')
const compose = read('worker-node/compose.yaml')

describe('the image', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) => names.split(' '))

  it('has every file that the worker imports, and no package that it would lack', async () => {
    const { metafile } = await build({
      entryPoints: [path.join(root, 'worker-node/bin/worker.ts')],
      absWorkingDir: root,
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      plugins: [externalPackages],
    })
    const folders = new Set(Object.keys(metafile.inputs).map((file) => file.split('/')[0]!))
    expect(folders.size).toBeGreaterThan(3)
    expect([...folders].filter((folder) => !copied.includes(folder))).toEqual([])

    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> }
    const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path: name }) => name))
    const packages = imported
      .filter((name) => !name.startsWith('node:'))
      .map((name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)![0])
    expect(packages).toContain('pg')
    expect([...new Set(packages)].filter((name) => dependencies[name] === undefined)).toEqual([])
    expect(dependencies).toHaveProperty('tsx')
  })

  it('is given by .dockerignore exactly what it copies', () => {
    const allowed = read('.dockerignore').match(/(?<=^!).+$/gm)
    expect(allowed?.toSorted()).toEqual([...new Set(copied)].toSorted())
  })

  it('does not run as root, and as process 1 the worker gets the signals', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('FROM'))
    expect(last).toMatch(/^USER node$/m)
    expect(last.indexOf('USER node')).toBeLessThan(last.indexOf('ENTRYPOINT ['))
  })
})

it('names every image by its exact version', () => {
  const images = [...`${dockerfile}\n${compose}`.matchAll(/^(?:FROM| +image:) (\S+)/gm)].map(([, image = '']) => image)
  expect(images).toHaveLength(3)
  for (const image of images) expect(image).toMatch(/^[a-z]+:\d+\.\d+\.\d+/)
})

it('compose gives the worker each secret that it refuses to start without', () => {
  const given = /secrets: \[(.+)\]/.exec(compose)![1]!.split(', ')
  const env: Record<string, string> = {
    SERVER_ID: 'srv_01h455vb4pex5vsknk084sn02q',
    EDGE_JWKS_URL: 'https://api.example.com/.well-known/jwks.json',
  }
  const missing: string[] = []
  const values: Record<string, string> = { DATABASE_URL: 'postgres://host/wharf' }
  for (let name = nextMissing(env); name !== undefined; name = nextMissing(env)) {
    missing.push(name)
    env[name] = values[name] ?? `k1:${btoa('x'.repeat(32))}`
  }
  expect(missing.toSorted()).toEqual(given.toSorted())
  for (const name of given) expect(compose).toContain(`${name}: { file: /etc/wharf/credentials/${name} }`)
})

function nextMissing(env: Record<string, string>): string | undefined {
  try {
    parseWorkerConfig(env)
    return undefined
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return /^(\w+) is not set\.$/.exec(error.message)![1]
  }
}

/** What is not of ours stays an import. */
const externalPackages: Plugin = {
  name: 'external-packages',
  setup(builder) {
    builder.onResolve({ filter: /^[^.#/]/ }, ({ path: name, kind }) =>
      kind === 'entry-point' ? undefined : { path: name, external: true },
    )
  },
}
