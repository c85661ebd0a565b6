// Versions and aliases of a function, and what comparing its releases says.
import { queryOptions } from '@tanstack/react-query';
import { call } from './client';
import { functionPath, type FunctionConfiguration } from './functions';

export interface Alias {
  AliasArn: string;
  Name: string;
  FunctionVersion: string;
  Description?: string;
  RevisionId: string;
  RoutingConfig?: { AdditionalVersionWeights?: Record<string, number> };
}

export interface AliasChange {
  FunctionVersion: string;
  Description?: string;
  /** The second version and its share of calls, 0 to 1; null for none. */
  second?: { version: string; share: number } | null;
  RevisionId?: string;
}

export interface SpanChange {
  release: string;
  before: string;
  span: string;
  isCold: boolean;
  verdict: 'slower' | 'faster' | 'no-change' | 'too-few-calls';
  callsBefore: number;
  calls: number;
  medianBefore: number;
  median: number;
  shift: number;
  shiftLow: number;
  shiftHigh: number;
}

export interface Regressions {
  verdict: 'slower' | 'no-change' | 'too-few-calls';
  culprit?: SpanChange;
  callsMin: number;
  releases: Array<{ name: string; version: string; codeSha256: string; firstCalledAt: string }>;
  changes: SpanChange[];
}

export const versionsQuery = (name: string) =>
  queryOptions({
    queryKey: ['function', name, 'versions'],
    queryFn: async ({ signal }) => {
      const versions: FunctionConfiguration[] = [];
      let marker: string | undefined;
      do {
        const page: { Versions: FunctionConfiguration[]; NextMarker?: string } = await call(
          functionPath(name, '/versions'),
          { query: { Marker: marker, MaxItems: 1000 }, signal },
        );
        versions.push(...page.Versions);
        marker = page.NextMarker;
      } while (marker);
      return versions.filter((version) => version.Version !== '$LATEST').reverse();
    },
  });

export const aliasesQuery = (name: string) =>
  queryOptions({
    queryKey: ['function', name, 'aliases'],
    queryFn: async ({ signal }) =>
      (await call<{ Aliases: Alias[] }>(functionPath(name, '/aliases'), { query: { MaxItems: 1000 }, signal })).Aliases,
  });

export const regressionsQuery = (name: string) =>
  queryOptions({
    queryKey: ['function', name, 'regressions'],
    queryFn: ({ signal }) => call<Regressions>(`/v1/functions/${encodeURIComponent(name)}/regressions`, { signal }),
  });

export function publishVersion(name: string, description: string, revision?: string): Promise<FunctionConfiguration> {
  return call(functionPath(name, '/versions'), {
    body: { Description: description || undefined, RevisionId: revision },
  });
}

export function createAlias(name: string, alias: string, change: AliasChange): Promise<Alias> {
  return call(functionPath(name, '/aliases'), { body: { Name: alias, ...bodyOf(change) } });
}

export function updateAlias(name: string, alias: string, change: AliasChange): Promise<Alias> {
  return call(functionPath(name, `/aliases/${encodeURIComponent(alias)}`), { method: 'PUT', body: bodyOf(change) });
}

export function deleteAlias(name: string, alias: string): Promise<void> {
  return call(functionPath(name, `/aliases/${encodeURIComponent(alias)}`), { method: 'DELETE' });
}

/** The share and the version an alias gives to a second one. */
export function secondOf(alias: Alias): { version: string; share: number } | null {
  const [second] = Object.entries(alias.RoutingConfig?.AdditionalVersionWeights ?? {});
  return second ? { version: second[0], share: second[1] } : null;
}

function bodyOf({ second, ...change }: AliasChange) {
  return {
    ...change,
    RoutingConfig:
      second === undefined ? undefined : { AdditionalVersionWeights: second ? { [second.version]: second.share } : {} },
  };
}
