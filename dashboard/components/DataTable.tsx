import { tableFeatures, useTable, type ColumnDef } from '@tanstack/react-table'
import { ArrowDown, ArrowUp } from 'lucide-react'

/** Sorting, filtering and pages are the server's: the table itself needs no feature for them. */
const features = tableFeatures({})
export type Column<Row extends object> = ColumnDef<typeof features, Row> & {
  id: string
  /** Left out on narrow screens. */
  minor?: boolean
  /** Names of the two orders that the API knows for this column. */
  sort?: { up: string; down: string }
}

export function DataTable<Row extends object>({
  label,
  columns,
  rows,
  sort,
  onSort,
  busy = false,
}: {
  label: string
  /** Must not be made anew at each render. */
  columns: Column<Row>[]
  rows: Row[]
  sort?: string | undefined
  onSort?: (sort: string) => void
  /** Newer rows are on their way. */
  busy?: boolean
}) {
  const table = useTable({ features, columns, data: rows })
  const settings = new Map(columns.map((column) => [column.id, column]))
  const hidden = (id: string) => (settings.get(id)?.minor === true ? 'hidden md:table-cell' : '')
  return (
    // Wide content scrolls inside, also what only screen readers see; the keyboard has to reach it.
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className={`relative overflow-x-auto ${busy ? 'opacity-60' : ''}`}
    >
      <table className="w-full text-left">
        <thead className="border-b border-line text-xs text-muted">
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => {
                const order = settings.get(header.column.id)?.sort
                const content = <table.FlexRender header={header} />
                return (
                  <th
                    key={header.id}
                    scope="col"
                    aria-sort={ariaSort(order, sort)}
                    className={`px-4 py-2 font-medium whitespace-nowrap ${hidden(header.column.id)}`}
                  >
                    {order === undefined || onSort === undefined ? (
                      content
                    ) : (
                      <button
                        type="button"
                        onClick={() => onSort(sort === order.up ? order.down : order.up)}
                        className="-mx-1.5 inline-flex items-center gap-1 rounded px-1.5 py-0.5 hover:bg-sunken [&_svg]:size-3.5"
                      >
                        {content}
                        {sort === order.up && <ArrowUp aria-hidden />}
                        {sort === order.down && <ArrowDown aria-hidden />}
                      </button>
                    )}
                  </th>
                )
              })}
            </tr>
          ))}
        </thead>
        <tbody className="divide-y divide-line">
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id} className="hover:bg-sunken/60">
              {row.getAllCells().map((cell) => (
                <td key={cell.id} className={`px-4 py-2.5 align-middle ${hidden(cell.column.id)}`}>
                  <table.FlexRender cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function ariaSort(order: { up: string; down: string } | undefined, sort: string | undefined) {
  if (order === undefined) return undefined
  return sort === order.up ? 'ascending' : sort === order.down ? 'descending' : 'none'
}
