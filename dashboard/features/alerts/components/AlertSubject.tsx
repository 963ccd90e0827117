import { Link } from '@tanstack/react-router'
import type { AlertView } from '#contracts/http/alerts.ts'
import { isId, type CustomerId } from '#contracts/ids.ts'

const linkClass = 'text-accent-strong hover:underline'

/** What the alert is about, and the way there. */
export function AlertSubject({ alert: { subject, customer_id, details } }: { alert: AlertView }) {
  const name = typeof details['name'] === 'string' ? <bdi>{details['name']}</bdi> : undefined
  const id = <code className="font-mono text-xs break-all">{subject}</code>
  if (isId('server', subject)) {
    return (
      <Link to="/servers/$serverId" params={{ serverId: subject }} className={linkClass}>
        {name ?? id}
      </Link>
    )
  }
  if (isId('instance', subject)) {
    return (
      <>
        <Link to="/instances/$instanceId" params={{ instanceId: subject }} className={linkClass}>
          {name ?? id}
        </Link>
        {customer_id !== null && <CustomerLink customerId={customer_id} />}
      </>
    )
  }
  if (customer_id === null) return id
  if (isId('webhook', subject)) {
    return (
      <Link
        to="/customers/$customerId/webhooks/$webhookId"
        params={{ customerId: customer_id, webhookId: subject }}
        className={linkClass}
      >
        {id}
      </Link>
    )
  }
  return (
    <>
      {subject !== customer_id && <div>{id}</div>}
      <CustomerLink customerId={customer_id} />
    </>
  )
}

function CustomerLink({ customerId }: { customerId: CustomerId }) {
  return (
    <div>
      <Link to="/customers/$customerId" params={{ customerId }} className={linkClass}>
        The customer
      </Link>
    </div>
  )
}
