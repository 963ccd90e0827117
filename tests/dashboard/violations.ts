import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

/** Serious violations of accessibility as axe sees them, each with the elements. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations: found } = await page.evaluate<AxeResults>(`axe.run(document)`)
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
}
