import { useCallback } from 'react';
import { useLocation, useSearch } from 'wouter';

/**
 * State that is part of the address, so that a link shows what its sender saw. A value equal to the fallback is left out.
 * Setting replaces the entry in the history.
 */
export function useUrlState(name: string, fallback = ''): [string, (value: string) => void] {
  const search = useSearch();
  const [, navigate] = useLocation();
  const value = new URLSearchParams(search).get(name) ?? fallback;
  const set = useCallback(
    (next: string) => {
      // Read anew: several may be set before the page is drawn again.
      const parameters = new URLSearchParams(location.search);
      if (next === fallback) parameters.delete(name);
      else parameters.set(name, next);
      const text = parameters.toString();
      navigate(location.pathname + (text ? `?${text}` : ''), { replace: true });
    },
    [name, fallback, navigate],
  );
  return [value, set];
}
