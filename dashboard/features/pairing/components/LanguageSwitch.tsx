import { Languages } from 'lucide-react'
import { languages, setLanguage, useLanguage, useTexts, type Language } from '#dashboard/features/pairing/language.ts'

export function LanguageSwitch() {
  const language = useLanguage()
  const texts = useTexts()
  return (
    <label className="flex min-h-9 items-center gap-1.5 rounded-md px-2 text-muted focus-within:text-ink hover:text-ink">
      <Languages aria-hidden className="size-4" />
      <span className="sr-only">{texts.language}</span>
      <select
        value={language}
        onChange={({ target }) => setLanguage(target.value as Language)}
        className="bg-canvas py-1.5 pr-1"
      >
        {languages.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
