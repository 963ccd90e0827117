import { describe, expect, it } from 'vitest'
import { connect } from './connect.ts'

describe('the connection for migrations', () => {
  it.each([
    ['no address', 'The database address must look like postgres://user:password@host:5432/database.'],
    ['https://example.com', 'The database address must look like postgres://user:password@host:5432/database.'],
    [
      'postgres://u:secret@ep-a-b-pooler.eu-central-1.aws.neon.tech/db',
      'ep-a-b-pooler.eu-central-1.aws.neon.tech is Neon\'s pooler; migrations need the direct address, which is the same without "-pooler".',
    ],
    [
      'postgres://u:secret@127.0.0.1:1/db',
      'The database at 127.0.0.1:1 cannot be reached: connect ECONNREFUSED 127.0.0.1:1.',
    ],
  ])('to %s fails with one sentence that holds no password', async (address, sentence) => {
    await expect(connect(address)).rejects.toMatchObject({ name: 'MigrationRefused', message: sentence })
  })
})
