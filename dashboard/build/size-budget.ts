import { gzipSync } from 'node:zlib'
import type { Plugin, Rolldown } from 'vite'

/** Prints what each page costs in compressed JavaScript, and fails the build when one costs more than `limit` bytes. */
export function sizeBudget(limit: number): Plugin {
  return {
    name: 'wharf-size-budget',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((output) => output.type === 'chunk')
      const pages = costOfPages(chunks)
      const lines = pages.map(({ name, bytes }) => `${kilobytes(bytes).padStart(10)}  ${name}`)
      this.info(`compressed JavaScript until a page works, of ${kilobytes(limit)} allowed:\n${lines.join('\n')}`)
      const over = pages.filter(({ bytes }) => bytes > limit)
      if (over.length > 0) this.error(`Over ${kilobytes(limit)}: ${over.map(({ name }) => name).join(', ')}.`)
    },
  }
}

type Chunk = Pick<Rolldown.OutputChunk, 'fileName' | 'name' | 'code' | 'imports' | 'isEntry' | 'isDynamicEntry'>

/** The entry, and each page that is loaded on demand together with the entry; the largest first. */
export function costOfPages(chunks: Chunk[]): { name: string; bytes: number }[] {
  const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const sizes = new Map(chunks.map(({ fileName, code }) => [fileName, gzipSync(code).length]))
  const withImports = (file: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(file) || !byFile.has(file)) return seen
    seen.add(file)
    for (const imported of byFile.get(file)?.imports ?? []) withImports(imported, seen)
    return seen
  }
  const entries = chunks.filter(({ isEntry }) => isEntry)
  const always = entries.flatMap(({ fileName }) => [...withImports(fileName)])
  return chunks
    .filter(({ isEntry, isDynamicEntry }) => isEntry || isDynamicEntry)
    .map(({ fileName, name }) => {
      const files = new Set([...always, ...withImports(fileName)])
      return { name, bytes: [...files].reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0) }
    })
    .toSorted((a, b) => b.bytes - a.bytes)
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} KB`
}
