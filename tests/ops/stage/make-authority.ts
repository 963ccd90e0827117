import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { runProgram } from '#tests/ops/machines/run-program.ts'

/** A certificate authority of this run, in the place of the public one: no name of these machines is on the internet. */
export interface Authority {
  /** Its own certificate, as a file and as text. */
  readonly file: string
  readonly certificate: string
  /** Makes a certificate for a server at an address. */
  issue(address: string): Promise<{ certificate: string; key: string }>
}

const days = '2'
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', days]

export async function makeAuthority(folder: string, signal: AbortSignal): Promise<Authority> {
  const file = path.join(folder, 'authority.pem')
  const key = path.join(folder, 'authority.key')
  const subject = ['-subj', '/CN=Authority of test:ops']
  await runProgram(['openssl', 'req', '-x509', ...newKey, ...subject, '-keyout', key, '-out', file], { signal })
  return {
    file,
    certificate: await readFile(file, 'utf8'),
    async issue(address) {
      const [own, signed] = [path.join(folder, `${address}.key`), path.join(folder, `${address}.pem`)]
      await runProgram(
        ['openssl', 'req', '-x509', ...newKey, '-CA', file, '-CAkey', key, '-subj', `/CN=${address}`].concat(
          ['-addext', `subjectAltName=IP:${address}`, '-addext', 'basicConstraints=critical,CA:false'],
          ['-keyout', own, '-out', signed],
        ),
        { signal },
      )
      return { certificate: await readFile(signed, 'utf8'), key: await readFile(own, 'utf8') }
    },
  }
}

/** What this machine trusts and the run's authority, in one file: for programs that take one list alone. */
export async function writeTrusted(folder: string, authority: Authority): Promise<string> {
  const file = path.join(folder, 'trusted.pem')
  await writeFile(file, `${await readFile('/etc/ssl/certs/ca-certificates.crt', 'utf8')}\n${authority.certificate}`)
  return file
}
