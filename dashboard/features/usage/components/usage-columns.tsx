import { Link } from '@tanstack/react-router'
import type { UsageGroupView, UsageSort } from '#contracts/http/usage.ts'
import { isId } from '#contracts/ids.ts'
import type { Column } from '#dashboard/components/DataTable.tsx'
import type { UsageSearch } from '#dashboard/features/usage/usage-search.ts'
import { formatBytes, formatNumber, formatWord } from '#dashboard/lib/format.ts'

type Group = UsageGroupView
const linkClass = 'font-medium text-accent-strong hover:underline'

/** What is told of one plan, customer or server; what the API does not count for it has no column. */
export function usageColumns(by: UsageSearch['by']): Column<Group>[] {
  const ofKeys = by !== 'server'
  return [
    {
      id: 'name',
      header: formatWord(by),
      sort: { up: 'name', down: '-name' },
      cell: ({ row: { original } }) => (
        <div className="max-w-64 min-w-28 [overflow-wrap:anywhere]">
          <Name group={original} />
          {by === 'customer' && original.plan !== null && (
            <p className="text-xs text-muted">{formatWord(original.plan)}</p>
          )}
        </div>
      ),
    },
    ...(by === 'customer' ? [] : [figure('customers', 'Customers', ({ customers }) => customers, undefined, true)]),
    ...(ofKeys ? [figure('messages', 'Accepted', ({ messages }) => messages, 'messages')] : []),
    figure('sent', 'Sent', ({ sent }) => sent, 'sent'),
    figure('received', 'Received', ({ received }) => received, 'received'),
    figure('failed', 'Failed', ({ failed }) => failed, 'failed'),
    figure('media', 'Files', ({ media }) => media.sent + media.received, 'media', true),
    ...(ofKeys
      ? [
          figure('requests', 'Requests', ({ requests }) => requests, 'requests', true),
          figure(
            'bytes',
            'Traffic',
            ({ bytes }) => (bytes === null ? null : bytes.in + bytes.out),
            'bytes',
            true,
            formatBytes,
          ),
        ]
      : []),
  ]
}

function figure(
  id: string,
  header: string,
  valueOf: (group: Group) => number | null,
  sort: UsageSort | undefined,
  minor = false,
  format = formatNumber,
): Column<Group> {
  return {
    id,
    header,
    minor,
    ...(sort === undefined ? {} : { sort: { up: sort, down: `-${sort}` } }),
    cell: ({ row: { original } }) => <span className="tabular-nums">{format(valueOf(original) ?? 0)}</span>,
  }
}

function Name({ group: { id, name } }: { group: Group }) {
  if (isId('customer', id)) {
    return (
      <Link to="/customers/$customerId" params={{ customerId: id }} className={linkClass}>
        <bdi>{name}</bdi>
      </Link>
    )
  }
  if (isId('server', id)) {
    return (
      <Link to="/servers/$serverId" params={{ serverId: id }} className={linkClass}>
        <bdi>{name}</bdi>
      </Link>
    )
  }
  return <span className="font-medium">{formatWord(name)}</span>
}
