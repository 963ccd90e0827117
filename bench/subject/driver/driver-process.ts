// The measured process of the driver, with PostgreSQL behind it.
import { serveSubject } from '#bench/subject/serve-subject.ts'
import { openDriver } from './driver-session.ts'

serveSubject(openDriver)
