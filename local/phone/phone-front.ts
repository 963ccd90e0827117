import { Response, type Request } from 'miniflare'
import { isId } from '#contracts/ids.ts'
import type { Pages } from '#local/dashboard/read-pages.ts'
import type { Camera } from './camera.ts'

/** Below this path of the local edge lies everything of the virtual phones. */
export const phonePath = '/phone'

interface PhoneFrontOptions {
  /** The page and its files. */
  pages: Pages
  /** The simulator's control API. */
  controlUrl: string
  camera: Camera
}

/** The page of the virtual phones with what it asks for; every other path is answered by `others`. */
export function phoneFront({ pages, controlUrl, camera }: PhoneFrontOptions, others: Pages): Pages {
  const api = `${phonePath}/api`
  return async (request) => {
    const { pathname, search } = new URL(request.url)
    if (pathname !== phonePath && !pathname.startsWith(`${phonePath}/`)) return others(request)
    if (!pathname.startsWith(`${api}/`)) return pages(request)
    const rest = pathname.slice(api.length)
    if (rest.startsWith('/screens')) return lookAround(camera, rest)
    if (rest.startsWith('/phones')) return forward(`${controlUrl}${rest}${search}`, request)
    return refusal(404, 'There is no such route.')
  }
}

async function lookAround(camera: Camera, path: string): Promise<Response> {
  if (path === '/screens') return Response.json({ data: await camera.screens() })
  const instanceId = path.slice('/screens/'.length)
  const qr = isId('instance', instanceId) ? await camera.read(instanceId) : undefined
  return qr === undefined ? refusal(409, 'There is no QR code on that screen now.') : Response.json({ data: { qr } })
}

async function forward(url: string, request: Request): Promise<Response> {
  const { method } = request
  const body = method === 'GET' || method === 'HEAD' ? null : await request.text()
  const headers = { 'content-type': request.headers.get('content-type') ?? 'text/plain' }
  const answer = await fetch(url, { method, body, headers: body === null ? {} : headers })
  return new Response(answer.status === 204 ? null : await answer.text(), {
    status: answer.status,
    headers: { 'content-type': answer.headers.get('content-type') ?? 'text/plain', 'cache-control': 'no-store' },
  })
}

function refusal(status: number, message: string): Response {
  return Response.json({ error: { code: 'REFUSED', message } }, { status })
}
