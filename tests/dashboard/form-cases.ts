import type { Locator, Page } from 'playwright-core'
import { TOTP } from 'otpauth'
import type { ServerId } from '#contracts/ids.ts'
import type { Demo } from './seed-demo.ts'

/** A form of the dashboard: how it is opened and filled, what its fields refuse, and what follows when it is sent. */
export interface FormCase {
  /** Where its fields are written, below dashboard/features. */
  file: string
  reader: 'admin' | 'stranger'
  path: () => string
  /** From the page to the form. */
  open: (page: Page) => Promise<void>
  /** Words of the button that sends it. */
  send: string
  /** The request that sends it. */
  call: RegExp
  fill: (form: Locator, page: Page) => Promise<void>
  /** What is refused before anything is sent: name of the field, what is typed, what is said beside it. */
  wrong: readonly (readonly [name: string, typed: string, says: RegExp])[]
  /** A field that the service can refuse. */
  refusable: string
  /** Another message than the service's, where the form speaks the person's language. */
  refusal?: RegExp
  /** What is seen once it is done. */
  done: RegExp
}

const button = (name: string | RegExp) => (page: Page) =>
  page.getByRole('button', { name, exact: true }).first().click()
const item = (name: string) => async (page: Page) => {
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name }).click()
}
const texts = (values: Record<string, string>) => async (form: Locator) => {
  for (const [name, text] of Object.entries(values)) await form.locator(`[name="${name}"]`).fill(text)
}
const nothing = async () => {}
const long = (length: number) => 'x'.repeat(length)

const serverWrong = [
  ['name', 'x', /^Name must have at least 3 characters\.$/],
  ['url', 'nowhere', /^Address must be an address/],
  ['region', '', /^Region must not be empty\.$/],
  ['max_capacity', '0', /^Capacity must be at least 1\.$/],
  ['ip_address', 'nowhere', /^IP address must be an IPv4 or IPv6 address\.$/],
  ['provider', long(101), /^Provider must have at most 100 characters\.$/],
  ['cost_per_month', '-1', /^Cost per month must be at least 0\.$/],
] as const
const server = {
  name: 'madrid-1',
  url: 'https://madrid-1.example.com',
  region: 'eu-south',
  max_capacity: '40',
  ip_address: '203.0.113.8',
  provider: 'Hetzner',
  cost_per_month: '9.5',
}
const limits = [
  'requests_per_minute',
  'requests_per_hour',
  'requests_per_day',
  'messages_per_day',
  'instances',
] as const

/** What the forms are tried on; there once the tests begin. */
export interface FormWorld extends Demo {
  /** A server of no instance: what is changed there hinders no other form. */
  changedServerId: ServerId
  own: { email: string; password: string }
  pairingPath: string
}

/** Every form, in an order in which each finds what it needs. */
export function formCases(world: () => FormWorld): FormCase[] {
  const newPassword = 'a longer one, that nobody knows'
  let app: TOTP | undefined
  const codeOfApp = () => app?.generate({ timestamp: Date.now() + 30_000 }) ?? ''
  return [
    {
      file: 'auth/components/LogInPage.tsx',
      reader: 'admin',
      path: () => '/login?next=/security',
      open: nothing,
      send: 'Log in',
      call: /\/auth\/login$/,
      fill: (form) => texts(world().own)(form),
      wrong: [
        ['email', 'nobody', /^E-mail address must be an e-mail address\.$/],
        ['password', '', /^Password must not be empty\.$/],
      ],
      refusable: 'email',
      done: /^Your security$/,
    },
    {
      file: 'security/components/PasswordCard.tsx',
      reader: 'admin',
      path: () => '/security',
      open: nothing,
      send: 'Change the password',
      call: /\/auth\/password$/,
      fill: (form) => texts({ current_password: world().own.password, new_password: newPassword })(form),
      wrong: [
        ['current_password', '', /^Current password must not be empty\.$/],
        ['new_password', '', /^New password must not be empty\.$/],
      ],
      refusable: 'new_password',
      done: /^The password is changed/,
    },
    {
      file: 'security/components/SetUpTotpDialog.tsx',
      reader: 'admin',
      path: () => '/security',
      open: button('Set up'),
      send: 'Confirm',
      call: /\/totp\/confirm$/,
      async fill(form, page) {
        app = new TOTP({ secret: (await page.getByLabel('Secret').textContent()) ?? '' })
        await form.locator('[name="code"]').fill(app.generate())
      },
      wrong: [['code', '', /^Code must not be empty\.$/]],
      refusable: 'code',
      done: /^Keep your recovery codes$/,
    },
    {
      file: 'security/components/TotpCard.tsx',
      reader: 'admin',
      path: () => '/security',
      open: button('Remove the app'),
      send: 'Remove the app',
      call: /\/totp\/remove$/,
      fill: (form) => texts({ password: newPassword, code: codeOfApp() })(form),
      wrong: [
        ['password', '', /^Password must not be empty\.$/],
        ['code', '', /^Code must not be empty\.$/],
      ],
      refusable: 'code',
      done: /^The authenticator app is removed\.$/,
    },
    {
      file: 'admins/components/CreateAdminDialog.tsx',
      reader: 'admin',
      path: () => '/admins',
      open: button('New admin'),
      send: 'Create admin',
      call: /\/admin\/admins$/,
      fill: texts({ name: 'Caio', email: 'caio@example.com' }),
      wrong: [
        ['name', '', /^Name must not be empty\.$/],
        ['email', 'caio', /^E-mail address must be an e-mail address\.$/],
      ],
      refusable: 'role',
      done: /^The password$/,
    },
    {
      file: 'admins/components/EditAdminForm.tsx',
      reader: 'admin',
      path: () => '/admins',
      async open(page) {
        await page.getByRole('button', { name: 'Actions for caio@example.com' }).click()
        await page.getByRole('menuitem', { name: 'Edit name and role' }).click()
      },
      send: 'Save',
      call: /\/admin\/admins\/adm_\w+$/,
      fill: texts({ name: 'Caio Silva' }),
      wrong: [['name', '', /^Name must not be empty\.$/]],
      refusable: 'name',
      done: /^caio@example.com is saved\.$/,
    },
    {
      file: 'customers/components/CreateCustomerDialog.tsx',
      reader: 'admin',
      path: () => '/customers',
      open: button('New customer'),
      send: 'Create customer',
      call: /\/admin\/customers$/,
      fill: texts({ name: 'Livraria' }),
      wrong: [
        ['name', ' ', /^Name must not be empty\.$/],
        ['name', long(101), /^Name must have at most 100 characters\.$/],
      ],
      refusable: 'plan',
      done: /^The customer is there$/,
    },
    {
      file: 'customers/components/EditCustomerDialog.tsx',
      reader: 'admin',
      path: () => `/customers/${world().customerId}`,
      async open(page) {
        await button('Edit')(page)
        await page.getByText('Limits of its own').click()
      },
      send: 'Save',
      call: /\/admin\/customers\/cus_\w+$/,
      fill: texts({
        name: 'Padaria Nova',
        ...Object.fromEntries(limits.map((name) => [`limit_overrides.${name}`, '70'])),
      }),
      wrong: [
        ['name', '', /^Name must not be empty\.$/],
        ...limits.map((name) => [`limit_overrides.${name}`, '8.5', / must be a whole number\.$/] as const),
      ],
      refusable: 'limit_overrides.instances',
      done: /^Padaria Nova is saved/,
    },
    {
      file: 'customers/components/CreateKeyDialog.tsx',
      reader: 'admin',
      path: () => `/customers/${world().customerId}`,
      open: button('New key'),
      send: 'Create key',
      call: /\/api-keys$/,
      fill: texts({ name: 'staging' }),
      wrong: [['name', '', /^Name must not be empty\.$/]],
      refusable: 'scopes',
      done: /^The key is there$/,
    },
    {
      file: 'webhooks/components/ReplayRangeDialog.tsx',
      reader: 'admin',
      path: () => `/customers/${world().customerId}/webhooks/${world().webhookId}`,
      open: button('Replay a time'),
      send: 'Replay',
      call: /\/replay$/,
      fill: texts({ from: '2026-01-31T12:00:00', to: '2026-01-31T12:30:00' }),
      wrong: [
        ['from', '', /^From must be a moment\.$/],
        ['to', '2026-01-31T11:00:00', /^To must be after From\.$/],
      ],
      refusable: 'from',
      done: /^0 events are due again\.$/,
    },
    {
      file: 'servers/components/AddServerDialog.tsx',
      reader: 'admin',
      path: () => '/servers',
      open: button('Add server'),
      send: 'Add server',
      call: /\/admin\/servers$/,
      fill: texts(server),
      wrong: serverWrong,
      refusable: 'url',
      done: /^Start its worker$/,
    },
    {
      file: 'servers/components/EditServerDialog.tsx',
      reader: 'admin',
      path: () => `/servers/${world().changedServerId}`,
      open: button('Edit'),
      send: 'Save',
      call: /\/admin\/servers\/srv_\w+$/,
      fill: texts({
        name: 'sao-paulo-9',
        url: 'https://sao-paulo-9.example.com',
        region: 'sa-east',
        max_capacity: '55',
        ip_address: '203.0.113.5',
        provider: 'Another',
        cost_per_month: '12.5',
      }),
      wrong: serverWrong,
      refusable: 'name',
      done: /^sao-paulo-9 is saved\.$/,
    },
    {
      file: 'servers/components/ServerStatusDialog.tsx',
      reader: 'admin',
      path: () => `/servers/${world().changedServerId}`,
      open: item('Maintenance'),
      send: 'Begin maintenance',
      call: /\/status$/,
      fill: texts({ reason: 'New disk on Monday' }),
      wrong: [['reason', long(301), /^Reason must have at most 300 characters\.$/]],
      refusable: 'reason',
      done: / is in maintenance and hands over/,
    },
    {
      file: 'instances/components/TestMessageCard.tsx',
      reader: 'admin',
      path: () => `/instances/${world().instanceId}`,
      open: nothing,
      send: 'Send',
      call: /\/instances\/ins_\w+\/messages$/,
      fill: texts({ to: '+55 11 99999-0002', text: 'Hello' }),
      wrong: [
        ['to', '12', /^To must be a phone number in E\.164 form/],
        ['text', '', /^Text must not be empty\.$/],
      ],
      refusable: 'to',
      done: /^Queued/,
    },
    {
      file: 'instances/components/PairingCodeForm.tsx',
      reader: 'admin',
      path: () => `/instances/${world().pairingId}`,
      open: button('Use a code by phone number'),
      send: 'Get a code',
      call: /\/pairing-code$/,
      fill: texts({ phone_number: '+55 11 98765-4321' }),
      wrong: [['phone_number', '12', /^Phone number must be a phone number in E\.164 form/]],
      refusable: 'phone_number',
      done: /^ABCD-?1234$/,
    },
    {
      file: 'instances/components/PairingLinkDialog.tsx',
      reader: 'admin',
      path: () => `/instances/${world().pairingId}`,
      open: item('Create pairing link'),
      send: 'Create link',
      call: /\/pairing-link$/,
      fill: nothing,
      wrong: [],
      refusable: 'valid_hours',
      done: /^The link is there$/,
    },
    {
      file: 'instances/components/MoveDialog.tsx',
      reader: 'admin',
      path: () => `/instances/${world().instanceId}`,
      open: button('Move'),
      send: 'Move',
      call: /\/move$/,
      fill: nothing,
      wrong: [],
      refusable: 'server_id',
      done: / is on its way to /,
    },
    {
      file: 'pairing/components/CodeForm.tsx',
      reader: 'stranger',
      path: () => world().pairingPath,
      open: button('Use a code instead'),
      send: 'Get a code',
      call: /\/api\/pair\/code$/,
      fill: texts({ phone_number: '+55 11 98765-4321' }),
      wrong: [['phone_number', '12', /^WhatsApp number has to begin with \+ and the country code\.$/]],
      refusable: 'phone_number',
      refusal: /^WhatsApp number has to begin with \+ and the country code\.$/,
      done: /^ABCD$/,
    },
  ]
}
