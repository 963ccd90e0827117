import { ApiError } from '#contracts/errors.ts'

export function nameTaken(): ApiError {
  return new ApiError('CONFLICT', 'There is a server with this name.', { details: { name: 'is taken' } })
}
