// What is searched for, as it stands in the address of the screen. Pure; the tests are beside it.
import type { LogSearch } from '../../api/logs';

export interface ScreenSearch {
  function: string;
  version: string;
  request: string;
  /** Text, or a filter pattern when `isPattern`. */
  text: string;
  isPattern: boolean;
  where: string[];
  level: string;
  /** A length such as 1h; not used between explicit times. */
  range: string;
  /** Explicit times, such as those of a bar of the histogram. */
  since: string;
  until: string;
  live: boolean;
}

export const rangeDefault = '24h';

export function readSearch(query: string): ScreenSearch {
  const parameters = new URLSearchParams(query);
  const get = (name: string) => parameters.get(name) ?? '';
  const pattern = get('pattern');
  return {
    function: get('function'),
    version: get('version'),
    request: get('request'),
    text: pattern || get('grep'),
    isPattern: pattern !== '',
    where: parameters.getAll('where'),
    level: get('level'),
    range: get('range') || rangeDefault,
    since: get('since'),
    until: get('until'),
    live: get('live') !== 'off',
  };
}

export function writeSearch(search: ScreenSearch): string {
  const parameters = new URLSearchParams();
  const set = (name: string, value: string) => value && parameters.set(name, value);
  set('function', search.function);
  set('version', search.version);
  set('request', search.request);
  set(search.isPattern ? 'pattern' : 'grep', search.text);
  for (const where of search.where) parameters.append('where', where);
  set('level', search.level);
  if (search.range !== rangeDefault) set('range', search.range);
  set('since', search.since);
  set('until', search.until);
  if (!search.live) parameters.set('live', 'off');
  return parameters.toString();
}

/** The same for the API. A request is looked for as far back as the log goes. */
export function toApi(search: ScreenSearch): LogSearch {
  return {
    function: search.function || undefined,
    version: search.version || undefined,
    request: search.request || undefined,
    grep: search.isPattern ? undefined : search.text || undefined,
    pattern: search.isPattern ? search.text || undefined : undefined,
    where: search.where.length > 0 ? search.where : undefined,
    level: search.level || undefined,
    since: search.since || (search.request ? undefined : search.range),
    until: search.until || undefined,
  };
}

/** Asks for a member's value besides; asking twice for the same is asking once. */
export function withCondition(search: ScreenSearch, name: string, value: string): ScreenSearch {
  const condition = `${name}=${value}`;
  return search.where.includes(condition) ? search : { ...search, where: [...search.where, condition] };
}

/** Whether new lines can come at all. */
export function canFollow(search: ScreenSearch): boolean {
  return search.until === '';
}
