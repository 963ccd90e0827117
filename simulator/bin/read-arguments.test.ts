import { describe, expect, it } from 'vitest'
import { readArguments } from './read-arguments.ts'

describe('readArguments', () => {
  it('has defaults for everything', () => {
    expect(readArguments([])).toEqual({
      options: { host: '127.0.0.1', port: 8765, controlPort: 8766, dataDir: '.wharf/simulator' },
      help: undefined,
      problem: undefined,
    })
  })

  it('reads every option', () => {
    const args = ['--port', '0', '--control-port', '9000', '--data', '/tmp/x', '--host', '0.0.0.0']
    expect(readArguments(args).options).toEqual({ host: '0.0.0.0', port: 0, controlPort: 9000, dataDir: '/tmp/x' })
    expect(readArguments(['--memory']).options.dataDir).toBeUndefined()
  })

  it('explains itself', () => {
    expect(readArguments(['--help']).help).toContain('--control-port')
  })

  it.each([
    [['--port', 'abc'], '--port takes a number'],
    [['--control-port', '70000'], '--control-port takes a number'],
    [['--colour'], "Unknown option '--colour'"],
    [['extra'], 'Unexpected argument'],
  ])('says in a sentence what is wrong with %j', (args, sentence) => {
    expect(readArguments(args).problem).toContain(sentence)
  })
})
