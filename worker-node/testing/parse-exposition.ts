/** One metric of a Prometheus text exposition (version 0.0.4), read strictly. */
export interface ExposedMetric {
  name: string
  type: string
  help: string
  samples: { name: string; labels: Record<string, string>; value: number }[]
}

const header = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/
/** Values are what Go's ParseFloat reads, which takes `Nan` too. */
const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([Nn]a[Nn]|[+-]Inf|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/y

/** Throws at the first line that the format does not allow. Written for tests: it shares nothing with what writes the page. */
export function parseExposition(text: string): Map<string, ExposedMetric> {
  const metrics = new Map<string, ExposedMetric>()
  if (!text.endsWith('\n')) throw new Error('The last line does not end.')
  for (const line of text.split('\n')) {
    if (line === '') continue
    if (line.startsWith('#')) readHeader(metrics, line)
    else readSample(metrics, line)
  }
  return metrics
}

/** The value of the one sample with these labels; undefined when there is none. */
export function exposedValue(text: string, name: string, labels: Record<string, string> = {}): number | undefined {
  for (const { samples } of parseExposition(text).values()) {
    const found = samples.find(
      (one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
    )
    if (found !== undefined) return found.value
  }
  return undefined
}

function readHeader(metrics: Map<string, ExposedMetric>, line: string): void {
  const [, kind, name = '', rest = ''] = header.exec(line) ?? []
  if (kind === undefined) throw new Error(`Not a header: ${line}`)
  const metric = metrics.get(name) ?? { name, type: '', help: '', samples: [] }
  if (metric.samples.length > 0) throw new Error(`The header of ${name} comes after its samples.`)
  if (kind === 'HELP') metric.help = rest
  else metric.type = rest
  metrics.set(name, metric)
}

function readSample(metrics: Map<string, ExposedMetric>, line: string): void {
  const [, name = '', labels = '', value = ''] = sample.exec(line) ?? []
  if (name === '') throw new Error(`Not a sample: ${line}`)
  const metric = metrics.get(name) ?? metrics.get(name.replace(/_(bucket|sum|count)$/, ''))
  if (metric === undefined) throw new Error(`${name} has no header.`)
  const read = { name, labels: readLabels(labels), value: Number(value.replace('Inf', 'Infinity')) }
  const key = JSON.stringify([name, read.labels])
  if (metric.samples.some((other) => JSON.stringify([other.name, other.labels]) === key)) {
    throw new Error(`The series ${key} is there twice.`)
  }
  metric.samples.push(read)
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {}
  label.lastIndex = 0
  while (label.lastIndex < text.length) {
    const match = label.exec(text)
    if (match === null) throw new Error(`Not labels: ${text}`)
    const [, name = '', value = ''] = match
    labels[name] = value
  }
  return labels
}
