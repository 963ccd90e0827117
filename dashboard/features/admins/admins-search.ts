import { z } from 'zod'

export const adminsSearch = {
  schema: z.object({ page: z.number().int().min(1).catch(1).default(1) }),
  defaults: { page: 1 },
} as const
