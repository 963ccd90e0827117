import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from './Button.tsx'

const shownMs = 2000

/** Copies a text and says so. Where the browser forbids it, it says that too. */
export function CopyButton({ text, label, quiet = false }: { text: string; label: string; quiet?: boolean }) {
  const [outcome, setOutcome] = useState<'copied' | 'refused'>()
  useEffect(() => {
    if (outcome === undefined) return
    const timer = setTimeout(() => setOutcome(undefined), shownMs)
    return () => clearTimeout(timer)
  }, [outcome])
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('refused'),
    )
  }
  const said = outcome === undefined ? label : outcome === 'copied' ? 'Copied' : 'Select it and copy by hand'
  return (
    <Button kind={quiet ? 'quiet' : 'plain'} onClick={copy} aria-label={quiet ? said : undefined} title={said}>
      {outcome === 'copied' ? <Check aria-hidden /> : <Copy aria-hidden />}
      {!quiet && said}
      <span aria-live="polite" className="sr-only">
        {outcome === undefined ? '' : said}
      </span>
    </Button>
  )
}
