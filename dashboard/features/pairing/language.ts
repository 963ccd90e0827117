import { useSyncExternalStore } from 'react'
import { en } from './texts/en.ts'
import { es } from './texts/es.ts'
import { pt } from './texts/pt.ts'
import type { Texts } from './texts/texts.ts'

const dictionary = { en, pt, es } satisfies Record<string, Texts>
export type Language = keyof typeof dictionary
/** Each by its own name, as who looks for it would read it. */
export const languages = [
  ['en', 'English'],
  ['pt', 'Português'],
  ['es', 'Español'],
] as const satisfies [Language, string][]

const key = 'wharf.language'
const listeners = new Set<() => void>()

/** The person's choice, else the first of the browser's languages that is one of ours, else English. */
function read(): Language {
  const wanted = [localStorage.getItem(key) ?? '', ...navigator.languages].map((tag) => tag.slice(0, 2).toLowerCase())
  return wanted.map((tag) => languages.find(([language]) => language === tag)?.[0]).find(Boolean) ?? 'en'
}

export function setLanguage(language: Language): void {
  localStorage.setItem(key, language)
  for (const listener of listeners) listener()
}

export function useLanguage(): Language {
  return useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, read)
}

export function useTexts(): Texts {
  return dictionary[useLanguage()]
}
