import { expect, it } from 'vitest';
import { canFollow, readSearch, toApi, withCondition, writeSearch } from './search';

it.each([
  '',
  'function=hello&grep=out+of+memory&level=error&range=15m',
  'pattern=%7B+%24.a+%3D+1+%7D&where=a%3D1&where=b%3D2',
  'request=r-1&live=off',
  'since=2026-11-22T04%3A00%3A00Z&until=2026-11-22T05%3A00%3A00Z',
])('the address %s says the same after it is read', (query) => expect(writeSearch(readSearch(query))).toBe(query));

it('a request is looked for as far back as the log goes', () => {
  expect(toApi(readSearch('request=r')).since).toBeUndefined();
  expect(toApi(readSearch('')).since).toBe('24h');
});

it('a condition is asked for once', () => {
  const search = withCondition(readSearch('where=status%3D503'), 'status', '503');
  expect(search.where).toEqual(['status=503']);
});

it('the past is not followed', () => {
  expect(canFollow(readSearch('until=2026-11-22T05%3A00%3A00Z'))).toBe(false);
  expect(canFollow(readSearch(''))).toBe(true);
});
