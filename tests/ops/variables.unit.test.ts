import { expect, it } from 'vitest'
import { ansibleFiles, readProjectFile } from './ansible-files.ts'

const read = (file: string) => readProjectFile(`ansible/${file}`)
const defaults = ansibleFiles(/^roles\/\w+\/defaults\/main\.yml$/)

interface Variable {
  name: string
  value: string
  comment: string
}

const variables = defaults.flatMap((file) =>
  [...read(file).matchAll(/((?:^#.*\n)*)^(\w+): (.*)$/gm)].map(([, comment = '', name = '', value = '']): Variable => ({
    name,
    value,
    comment: comment.replaceAll(/^# ?/gm, ''),
  })),
)

it('docs/playbooks.md has every variable with its default, and no other', () => {
  const rows = [...readProjectFile('docs/playbooks.md').matchAll(/^\| `(\w+)` +\| (?:`(.*)`)? *\| (\S.*?) *\|$/gm)]
  const told = rows.map(([, name, value = "''"]) => `${name}: ${value.replaceAll(String.raw`\|`, '|')}`)
  expect(told.toSorted()).toEqual(variables.map(({ name, value }) => `${name}: ${value}`).toSorted())
  for (const [, name = '', , meaning = ''] of rows) {
    const { comment } = variables.find((one) => one.name === name)!
    expect([name, meaning]).toEqual([name, comment.trim().replaceAll('\n', ' ')])
  }
})

it('a variable carries the name of its role, and something uses it', () => {
  const used = ansibleFiles(/\.(yml|j2)$/)
    .map(read)
    .join('\n')
  for (const file of defaults) {
    const role = file.split('/')[1]!
    for (const [, name = ''] of read(file).matchAll(/^(\w+):/gm)) {
      expect(name.startsWith(`${role}_`), name).toBe(true)
      expect(used.split(new RegExp(`\\b${name}\\b`)).length, name).toBeGreaterThan(2)
    }
  }
})

it('the example inventory sets only what there is', () => {
  const known = new Set(variables.map(({ name }) => name))
  const set = ansibleFiles(/^inventory\/example\/.*\.yml$/).flatMap((file) =>
    [...read(file).matchAll(/^ *(\w+): \S/gm)].map(([, name = '']) => name),
  )
  expect(set).toContain('worker_session_key_ring')
  expect(set.filter((name) => !name.startsWith('ansible_') && !known.has(name))).toEqual([])
})

it('Node is the same release on machines and in the image', () => {
  const version = variables.find(({ name }) => name === 'node_version')!.value
  expect(readProjectFile('worker-node/Dockerfile')).toContain(`FROM node:${version}-`)
})
