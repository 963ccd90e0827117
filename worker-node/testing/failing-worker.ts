// A worker of the local stack that fails, when it is told to, in a way that nobody foresaw.
process.on('message', (how) => {
  const error = new Error('no such thing for +5511999990001')
  if (how === 'reject') void Promise.reject(error)
  else
    setImmediate(() => {
      throw error
    })
})

await import('#local/bin/local-worker.ts')

export {}
