// The measured process of raw Baileys: nothing of ours is loaded that could change it.
import { serveSubject } from '#bench/subject/serve-subject.ts'
import { openRaw } from './raw-session.ts'

// Plain Node has none; Baileys makes an error's stack per query, and mapping those costs a tenth of its CPU.
process.setSourceMapsEnabled(false)
serveSubject(openRaw)
