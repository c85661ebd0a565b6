import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import {
  flexRender,
  getCoreRowModel,
  getSortedRowModel,
  useReactTable,
  type ColumnDef,
  type SortingState,
} from '@tanstack/react-table';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { Link, useLocation } from 'wouter';
import { Button } from './Button';
import { ErrorBox } from './ErrorBox';
import { Icon } from './Icon';
import './DataTable.css';

export interface Column<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** What it is sorted by; left out, the column is in the server's order. Only for lists that are whole. */
  sortBy?: (row: Row) => string | number;
  number?: boolean;
  /** Takes what is left of the width and cuts what is too long. */
  grow?: boolean;
  /** Left out where there is little room. */
  wideOnly?: boolean;
}

interface DataTableProps<Row> {
  /** What the table is of, for those who do not see it. */
  label: string;
  columns: Column<Row>[];
  rows: Row[] | undefined;
  rowKey: (row: Row) => string;
  /** Where a row leads; Enter and click go there. */
  href?: (row: Row) => string;
  /** Instead of href: what a row does. */
  onOpen?: (row: Row) => void;
  selectedKey?: string | null;
  error?: unknown;
  retry?: () => void;
  empty?: ReactNode;
  /** The next page of the server. It is fetched when its place comes into view. */
  more?: {
    available: boolean;
    loading: boolean;
    load: () => void;
    /** Only when it is asked for. */ isManual?: boolean;
  };
}

const rowPixels = 41;
const virtualAbove = 80;
const skeletonRows = 6;
const none: never[] = [];

/** A list with columns: the keyboard moves in it (j, k, arrows, Enter), and only what is in view is in the page. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, href, onOpen, error, retry, empty, more, selectedKey } = props;
  const [sorting, setSorting] = useState<SortingState>([]);
  const [, navigate] = useLocation();
  const body = useRef<HTMLTableSectionElement>(null);
  const table = useReactTable({
    data: rows ?? none,
    // There are no pages here to go back to. Going back to them would draw the table again, and that without end when
    // its data is another list at each drawing.
    autoResetAll: false,
    columns: columns.map((column): ColumnDef<Row> => ({
      id: column.id,
      header: column.header,
      enableSorting: column.sortBy !== undefined,
      ...(column.sortBy ? { accessorFn: column.sortBy } : {}),
      cell: (context) => column.cell(context.row.original),
    })),
    getRowId: rowKey,
    state: { sorting },
    onSortingChange: setSorting,
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
  });
  const all = table.getRowModel().rows;
  const isVirtual = all.length > virtualAbove;
  const virtualizer = useWindowVirtualizer({
    count: isVirtual ? all.length : 0,
    estimateSize: () => rowPixels,
    overscan: 12,
    scrollMargin: body.current?.offsetTop ?? 0,
  });
  const items = virtualizer.getVirtualItems();
  const shown = isVirtual ? items.flatMap((item) => all[item.index] ?? []) : all;
  const before = isVirtual ? (items[0]?.start ?? 0) - virtualizer.options.scrollMargin : 0;
  const after = isVirtual
    ? virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0) + virtualizer.options.scrollMargin
    : 0;

  if (error && !rows) return <ErrorBox error={error} retry={retry} />;
  if (rows && rows.length === 0 && !more?.available) return <>{empty}</>;
  const byId = new Map(columns.map((column) => [column.id, column]));
  const classOf = (id: string) => {
    const column = byId.get(id);
    return [column?.number && 'number', column?.grow && 'data-table-grow', column?.wideOnly && 'data-table-wide']
      .filter(Boolean)
      .join(' ');
  };
  const open = (row: Row) => (href ? navigate(href(row)) : onOpen?.(row));

  return (
    <div className="data-table-frame" {...(href || onOpen ? {} : { tabIndex: 0, role: 'region', 'aria-label': label })}>
      <table className="data-table" aria-label={label} aria-busy={rows === undefined}>
        <thead>
          <tr>
            {table.getFlatHeaders().map((header) => (
              <th
                key={header.id}
                scope="col"
                className={classOf(header.id)}
                aria-sort={sortOf(header.column.getIsSorted())}
              >
                {header.column.getCanSort() ? (
                  <button type="button" className="data-table-sort" onClick={header.column.getToggleSortingHandler()}>
                    {byId.get(header.id)?.header}
                    {header.column.getIsSorted() && (
                      <Icon name={header.column.getIsSorted() === 'desc' ? 'down' : 'up'} size={12} />
                    )}
                  </button>
                ) : (
                  byId.get(header.id)?.header
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body} onKeyDown={moveFocus}>
          {rows === undefined && <SkeletonRows columns={columns.length} />}
          {before > 0 && (
            <tr aria-hidden="true">
              <td colSpan={columns.length} style={{ height: before, padding: 0 }} />
            </tr>
          )}
          {shown.map((row) => (
            <tr
              key={row.id}
              tabIndex={href || onOpen ? 0 : undefined}
              data-row={row.id}
              aria-selected={selectedKey === undefined ? undefined : row.id === selectedKey}
              className={href || onOpen ? 'data-table-link' : undefined}
              onClick={(event) => isOwnClick(event.target) && open(row.original)}
              onKeyDown={(event) => event.key === 'Enter' && event.target === event.currentTarget && open(row.original)}
            >
              {row.getVisibleCells().map((cell, index) => (
                <td key={cell.id} className={classOf(cell.column.id)}>
                  {index === 0 && href ? (
                    <Link href={href(row.original)} className="data-table-name">
                      {flexRender(cell.column.columnDef.cell, cell.getContext())}
                    </Link>
                  ) : (
                    flexRender(cell.column.columnDef.cell, cell.getContext())
                  )}
                </td>
              ))}
            </tr>
          ))}
          {after > 0 && (
            <tr aria-hidden="true">
              <td colSpan={columns.length} style={{ height: after, padding: 0 }} />
            </tr>
          )}
        </tbody>
      </table>
      {error !== undefined && error !== null && rows && <ErrorBox error={error} retry={retry} />}
      {more?.available && <MoreRows {...more} />}
    </div>
  );
}

/** Fetches when it comes near; the button is for those who do not scroll. */
function MoreRows({ loading, load, isManual }: { loading: boolean; load: () => void; isManual?: boolean }) {
  const reference = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = reference.current;
    if (!place || loading || isManual) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && load(), { rootMargin: '300px' });
    observer.observe(place);
    return () => observer.disconnect();
  }, [loading, load, isManual]);
  return (
    <div ref={reference} className="data-table-more">
      <Button busy={loading} onClick={load}>
        Show more
      </Button>
    </div>
  );
}

function SkeletonRows({ columns }: { columns: number }) {
  return Array.from({ length: skeletonRows }, (_, row) => (
    <tr key={row} aria-hidden="true">
      {Array.from({ length: columns }, (_, column) => (
        <td key={column}>
          <span className="skeleton" />
        </td>
      ))}
    </tr>
  ));
}

function moveFocus(event: KeyboardEvent<HTMLTableSectionElement>): void {
  const target = event.target as HTMLElement;
  if (target.tagName !== 'TR') return;
  const step =
    event.key === 'j' || event.key === 'ArrowDown'
      ? 'nextElementSibling'
      : event.key === 'k' || event.key === 'ArrowUp'
        ? 'previousElementSibling'
        : null;
  if (!step) return;
  event.preventDefault();
  (target[step] as HTMLElement | null)?.focus();
}

/** Links and buttons within a row do what they do. */
function isOwnClick(target: EventTarget): boolean {
  return !(target as HTMLElement).closest('a, button, input, label') && !getSelection()?.toString();
}

function sortOf(sorted: false | 'asc' | 'desc'): 'ascending' | 'descending' | undefined {
  return sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : undefined;
}
