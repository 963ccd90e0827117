import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { Response, type Request } from 'miniflare'
import { parseHeadersFile } from './parse-headers-file.ts'

/** Answers requests for pages and their files. */
export type Pages = (request: Request) => Response | Promise<Response>

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/**
 * A built site, held in memory and answered as Cloudflare Pages does: with the headers of its `_headers`, and with the
 * start page for every path that is no file, because pages find their way by themselves. `base` is the path below which
 * the site lies.
 */
export async function readPages(
  folder: string,
  base = '',
): Promise<(request: Pick<Request, 'method' | 'url'>) => Response> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = new Map<string, Buffer>()
  for (const { parentPath, name } of entries.filter((entry) => entry.isFile())) {
    const file = path.join(parentPath, name)
    files.set(`/${path.relative(folder, file).split(path.sep).join('/')}`, await readFile(file))
  }
  const headersOf = parseHeadersFile(files.get('/_headers')?.toString('utf8') ?? '')
  files.delete('/_headers')
  return ({ method, url }) => {
    if (method !== 'GET' && method !== 'HEAD')
      return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } })
    const pathname = new URL(url).pathname.slice(base.length)
    const file = files.has(pathname) ? pathname : '/index.html'
    const body = files.get(file)
    if (body === undefined) return new Response('The dashboard has no start page.', { status: 404 })
    return new Response(method === 'HEAD' ? null : new Uint8Array(body), {
      headers: {
        'cache-control': 'public, max-age=0, must-revalidate',
        ...headersOf(pathname),
        'content-type': types[path.extname(file)] ?? 'application/octet-stream',
      },
    })
  }
}
