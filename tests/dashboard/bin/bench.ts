// `npm run bench:dashboard`: what each page costs in compressed JavaScript, and how soon it can be used.
import { gzipSync } from 'node:zlib'
import { tableOf } from '#bench/report/table.ts'
import { describeMachine } from '#bench/report/machine.ts'
import { spreadOf } from '#bench/report/spread.ts'
import { chromiumMissing, findChromium } from '#edge/testing/find-chromium.ts'
import { runMain, UserError } from '#local/user-error.ts'
import { openDashboard, type Dashboard } from '#tests/dashboard/open-dashboard.ts'
import { pagePaths, type PagePath } from '#tests/dashboard/page-paths.ts'
import { seedDemo } from '#tests/dashboard/seed-demo.ts'

const loads = 3
/** Compressed JavaScript of a page that a person sees first. */
const goalKb = 200
const firstPages = new Set(['/login', '/pair', '/'])
/** So long the main thread has to do nothing long before a page counts as usable. */
const quietMs = 500

/**
 * In the page: when its heading stands there without grey rows, and when the last task over 50 ms before that and in the
 * quiet time after it ended. The later of both is when it can be used.
 */
const watcher = `
  let busyUntil = 0
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) busyUntil = Math.max(busyUntil, task.startTime + task.duration)
  }).observe({ type: 'longtask', buffered: true })
  window.usable = new Promise((resolve) => {
    const look = () => {
      const loading = [...document.querySelectorAll('[role=status]')].some((at) => at.textContent === 'Loading')
      if (document.querySelector('h1') === null || loading) return requestAnimationFrame(look)
      const shown = performance.now()
      const settle = () => {
        if (performance.now() - Math.max(shown, busyUntil) < ${quietMs}) return setTimeout(settle, 50)
        resolve(Math.max(shown, busyUntil))
      }
      settle()
    }
    look()
  })
`

interface Load {
  kilobytes: number
  usableMs: number
}

/** One load in a browser profile that has nothing of the dashboard yet. */
async function loadOnce(dashboard: Dashboard, { path, reader }: PagePath): Promise<Load> {
  const visitor = reader === 'admin' ? await dashboard.visitAs('super_admin') : await dashboard.visit()
  const { page } = visitor
  const scripts: Promise<number>[] = []
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.endsWith('.js')) {
      scripts.push(response.body().then((body) => gzipSync(body).length))
    }
  })
  await page.addInitScript(watcher)
  await page.goto(path)
  const usableMs = await page.evaluate<number>('window.usable')
  const bytes = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0)
  await visitor.close()
  return { kilobytes: bytes / 1000, usableMs }
}

await runMain(async () => {
  const chromium = findChromium()
  if (chromium === undefined) throw new UserError(chromiumMissing)
  const dashboard = await openDashboard(chromium)
  try {
    const pages = Object.entries(pagePaths(await seedDemo(dashboard.edge)))
    const lines = [['page', 'compressed JavaScript (KB)', 'goal', '', 'usable after (ms)']]
    for (const [route, page] of pages) {
      const measured: Load[] = []
      for (let load = 0; load < loads; load++) measured.push(await loadOnce(dashboard, page))
      const kilobytes = Math.max(...measured.map((load) => load.kilobytes))
      const { min, median, max } = spreadOf(measured.map(({ usableMs }) => usableMs))
      const usable = `${median.toFixed(0)} (${min.toFixed(0)} to ${max.toFixed(0)})`
      const met = kilobytes <= goalKb
      const goal = firstPages.has(route) ? [`≤ ${goalKb} KB`, met ? 'ok' : 'missed'] : ['', '']
      lines.push([route, kilobytes.toFixed(1), ...goal, usable])
      if (firstPages.has(route) && !met) process.exitCode = 1
      console.error(`${route}: ${kilobytes.toFixed(1)} KB, ${usable} ms`)
    }
    const { cpu, cores, memoryGb, os, loadBefore, node } = describeMachine()
    console.log(
      `${cpu}, ${cores} cores, ${memoryGb} GB, ${os}, load ${loadBefore}, Node ${node}, ${loads} cold loads each`,
    )
    console.log(`Usable: the median (lowest to highest), in headless Chromium, served by this machine.\n`)
    console.log(tableOf(lines).join('\n'))
  } finally {
    await dashboard.close()
  }
})
