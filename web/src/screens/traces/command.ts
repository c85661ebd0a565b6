import type { TraceFilter } from '../../api/traces';
import { shellQuote } from '../../ui/shell';

/** The same list from a terminal. */
export function tracesCommand(filter: TraceFilter): string {
  return [
    'lambent ls traces',
    filter.function && shellQuote(filter.function),
    filter.errors === 'true' && '--errors',
    filter['min-duration'] && `--longer-than ${filter['min-duration']}`,
    filter.since && `--since ${shellQuote(filter.since)}`,
  ]
    .filter(Boolean)
    .join(' ');
}
