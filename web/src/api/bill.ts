// What calls cost: /v1/bill and /v1/rates. Amounts are text with all their decimals, because a double would round them.
import { call } from './client';

export interface Rate {
  from: string;
  perGigabyteSecond: number;
  perMillionRequests: number;
  currency: string;
}

export interface Rates {
  current?: Rate;
  history: Rate[];
}

export interface BillLine {
  group?: Record<string, string>;
  invocations: number;
  billedMilliseconds: number;
  gigabyteSeconds: string;
  cost: string;
}

export interface Bill {
  from: string;
  to: string;
  currency?: string;
  lines: BillLine[];
  linesLeftOut: number;
  others?: BillLine;
  total: BillLine;
}

export interface BillQuery {
  from?: string;
  to?: string;
  /** account, function, version, alias, tag:NAME, day; several with commas. */
  groupBy?: string;
  account?: string;
  top?: number;
}

export function readBill(query: BillQuery, signal?: AbortSignal): Promise<Bill> {
  return call('/v1/bill', { query: { ...query }, signal });
}

export function readRates(signal?: AbortSignal): Promise<Rates> {
  return call('/v1/rates', { signal });
}

/** Only the operator may. Without `from` they count from now on. */
export function setRates(rates: Omit<Rate, 'from'> & { from?: string }): Promise<Rates> {
  return call('/v1/rates', { method: 'PUT', body: rates });
}
