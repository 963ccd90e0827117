import { expect, it } from 'vitest'
import { changedIn } from './playbooks.ts'

it('counts what a playbook changed, by the recap alone', () => {
  const output = `changed: [one]

PLAY RECAP *********************************************************************
one                        : ok=13   changed=2    unreachable=0    failed=1    skipped=1    rescued=0    ignored=0
two                        : ok=13   changed=10   unreachable=0    failed=0    skipped=1    rescued=0    ignored=0
`
  expect(changedIn(output)).toBe(12)
  expect(changedIn('fatal: no recap')).toBe(0)
})
