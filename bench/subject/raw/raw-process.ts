// The measured process of raw Baileys: nothing of ours is loaded that could change it.
import { serveSubject } from '#bench/subject/serve-subject.ts'
import { openRaw } from './raw-session.ts'

serveSubject(openRaw)
