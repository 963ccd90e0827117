/** What stands in the fields of a form: name of the field > its text. */
export type Texts = Readonly<Record<string, string>>

/** A field that two people changed to different texts. */
export interface Conflict {
  name: string
  theirs: string
  mine: string
}

/** Radio buttons of this prefix choose what a field in conflict keeps. */
export const keepPrefix = 'keep.'

/** Of what the person changed: all but the fields of which the person keeps what somebody else wrote. */
export function changesOf(opened: Texts, mine: Texts, keepsTheirs: (name: string) => boolean): Texts {
  return Object.fromEntries(Object.entries(mine).filter(([name, text]) => text !== opened[name] && !keepsTheirs(name)))
}

/** Fields that are not as the person last saw them, and that the person wants otherwise than they are now. */
export function conflictsOf(seen: Texts, now: Texts, changes: Texts): Conflict[] {
  return Object.entries(changes)
    .filter(([name, mine]) => now[name] !== seen[name] && now[name] !== mine)
    .map(([name, mine]) => ({ name, theirs: now[name] ?? '', mine }))
}

/** The parts of `body` that hold a changed field: `limits.a` is in the part `limits`. */
export function partsOf<B extends object>(body: B, changes: Texts): Partial<B> {
  const parts = new Set(Object.keys(changes).map((name) => name.split('.')[0]))
  return Object.fromEntries(Object.entries(body).filter(([part]) => parts.has(part))) as Partial<B>
}
