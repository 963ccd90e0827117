import { useMemo } from 'react'
import { renderSVG } from 'uqr'

/** A QR code, dark on white in either theme, because not every camera reads the other way round. */
export function QrPicture({ text, label, className = '' }: { text: string; label: string; className?: string }) {
  const source = useMemo(
    () => `data:image/svg+xml,${encodeURIComponent(renderSVG(text, { ecc: 'M', border: 4 }))}`,
    [text],
  )
  return <img src={source} alt={label} className={`aspect-square bg-white ${className}`} />
}
