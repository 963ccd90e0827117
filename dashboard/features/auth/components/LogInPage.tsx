import { useRouter, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { logInContract } from '#contracts/http/admin-auth.ts'
import { CodeField } from '#dashboard/components/CodeField.tsx'
import { FailureNote } from '#dashboard/components/FailureNote.tsx'
import { TextField } from '#dashboard/components/Field.tsx'
import { Logo } from '#dashboard/components/Logo.tsx'
import { SubmitButton } from '#dashboard/components/SubmitButton.tsx'
import { logIn } from '#dashboard/features/auth/api/log-in.ts'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { safeNext } from '#dashboard/lib/safe-next.ts'
import { restoreSession, useSession } from '#dashboard/lib/session.ts'
import { useForm } from '#dashboard/lib/use-form.ts'

/** The address and the password first; a code only for who has set one up. */
export function LogInPage() {
  useEnterWhenLoggedIn()
  useEffect(() => {
    document.title = 'Log in · Wharf'
  }, [])
  return (
    <main className="flex min-h-dvh items-start justify-center px-4 pt-[14vh] pb-8">
      <div className="w-full max-w-sm">
        <div className="mb-6 flex items-center gap-3">
          <Logo className="size-10" />
          <div>
            <h1 className="text-xl font-semibold tracking-tight">Log in to Wharf</h1>
            <p className="text-muted">For those who run the service.</p>
          </div>
        </div>
        <LogInForm />
      </div>
    </main>
  )
}

function LogInForm() {
  const [asksCode, setAsksCode] = useState(false)
  const form = useForm({
    schema: logInContract.body,
    read: (fields) => {
      const code = fields.text('code').trim()
      return {
        email: fields.text('email'),
        password: fields.text('password'),
        ...(code === '' ? {} : { code }),
      }
    },
    async send(body) {
      try {
        await logIn(body)
      } catch (error) {
        // The password was right: no failure to show, one more question to ask.
        if (!(error instanceof CallFailed) || error.code !== 'TOTP_REQUIRED') throw error
        setAsksCode(true)
      }
    },
  })
  return (
    <form onSubmit={form.onSubmit} noValidate className="space-y-4 rounded-xl border border-line bg-surface p-5">
      <TextField
        name="email"
        type="email"
        label="E-mail address"
        autoComplete="username"
        autoFocus
        error={form.errors['email']}
      />
      <TextField
        name="password"
        type="password"
        label="Password"
        autoComplete="current-password"
        error={form.errors['password']}
      />
      {asksCode && (
        <CodeField
          autoFocus
          hint="Six digits of your authenticator app, or one of your recovery codes."
          error={form.errors['code']}
        />
      )}
      <FailureNote failure={form.failure} />
      <SubmitButton form={form} className="w-full">
        Log in
      </SubmitButton>
    </form>
  )
}

/** Who is logged in already, or has just become so, goes on to where they wanted. */
function useEnterWhenLoggedIn(): void {
  const session = useSession()
  const { next } = useSearch({ from: '/login' })
  const router = useRouter()
  useEffect(() => {
    // Whether there is a session cannot be told without the service: then the form says so when it is sent.
    restoreSession().catch(() => false)
  }, [])
  useEffect(() => {
    if (session === undefined) return
    router.history.replace(safeNext(next))
  }, [session, next, router])
}
