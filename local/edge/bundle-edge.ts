import path from 'node:path'
import { build } from 'esbuild'

export const projectRoot = path.resolve(import.meta.dirname, '..', '..')

/** One ES module of an entry file and all that it imports, for workerd. `entry` is relative to the project. */
export async function bundleEdge(entry: string): Promise<string> {
  const result = await build({
    entryPoints: [path.join(projectRoot, entry)],
    absWorkingDir: projectRoot,
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2023',
    // As wrangler bundles: packages see a browser, unless they know of workerd.
    platform: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    sourcemap: 'inline',
    logLevel: 'silent',
  })
  const [output] = result.outputFiles
  if (output === undefined) throw new Error(`The bundler wrote nothing for ${entry}.`)
  return output.text
}
