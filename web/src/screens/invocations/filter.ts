// The filter of the list, between the address, the API and the command line. Pure.
import type { InvocationFilter } from '../../api/invocations';
import { shellQuote } from '../../ui/shell';

export const filterNames = ['function', 'version', 'status', 'cold', 'source', 'longer', 'since', 'until', 'text', 'error'];

const requestId = /^[0-9a-f]{8}-[0-9a-f-]{20,}$/i;

/** Parameters of the address as parameters of the API. A text that is no request id is taken as a function's name. */
export function filterOf(search: string): InvocationFilter {
  const parameters = new URLSearchParams(search);
  const get = (name: string) => parameters.get(name)?.trim() || undefined;
  const text = get('text');
  const longer = get('longer');
  const filter: InvocationFilter = {
    function: get('function'),
    version: get('version'),
    outcome: get('status'),
    cold: get('cold'),
    origin: get('source'),
    'min-duration': longer === undefined ? undefined : String(millisecondsOf(longer) ?? longer),
    since: get('since'),
    until: get('until'),
    error: get('error'),
    request: text,
  };
  if (text !== undefined && !requestId.test(text)) {
    filter.request = undefined;
    filter.function ??= text;
  }
  return filter;
}

/** "250", "250ms", "1.5s", "2m" in whole milliseconds. */
export function millisecondsOf(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min)?$/.exec(text.trim());
  if (!match) return undefined;
  const unit = match[2] === 's' ? 1000 : match[2] === 'm' || match[2] === 'min' ? 60_000 : 1;
  return Math.round(Number(match[1]) * unit);
}

/** The same list from a terminal. */
export function listCommand(filter: InvocationFilter): string {
  const options: Array<[string, string | undefined]> = [
    ['--version-of', filter.version],
    [filter.outcome === 'failed' ? '--failed' : '--outcome', filter.outcome === 'failed' ? '' : filter.outcome],
    ['--origin', filter.origin],
    ['--min-duration', filter['min-duration']],
    ['--since', filter.since],
    ['--until', filter.until],
    ['--error', filter.error],
  ];
  const words = options.flatMap(([name, value]) => (value === undefined ? [] : value === '' ? [name] : [name, shellQuote(value)]));
  return ['lambent invocation ls', ...(filter.function ? [shellQuote(filter.function)] : []), ...words].join(' ');
}

/** The path of the request that answers the list. */
export function listPath(filter: InvocationFilter): string {
  const text = new URLSearchParams(Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined)).toString();
  return text ? `/v1/invocations?${text}` : '/v1/invocations';
}
