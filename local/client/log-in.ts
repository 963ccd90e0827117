import { createAdminClient, type ApiClient } from './api-client.ts'

/** The API as an admin without an authenticator app uses it, for the 15 minutes that an access token is good. */
export async function logIn(baseUrl: string, body: { email: string; password: string }): Promise<ApiClient> {
  const { data } = await createAdminClient(baseUrl, '').request<{ access_token: string }>(
    'POST',
    '/api/admin/auth/login',
    { body },
  )
  return createAdminClient(baseUrl, data.access_token)
}
