// Figures as people read them. Pure; the tests are beside it.

const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** 1536 → "1.5 kB"; units of 1000. */
export function bytes(count: number): string {
  let unit = 0;
  while (count >= 1000 && unit < units.length - 1) {
    count /= 1000;
    unit++;
  }
  return `${unit === 0 ? count : trim(count)} ${units[unit]}`;
}

/** Milliseconds → "12 ms", "1.25 s", "3 min 4 s", "2 h 5 min", "3 d 4 h". */
export function duration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return '–';
  const sign = milliseconds < 0 ? '-' : '';
  const value = Math.abs(milliseconds);
  if (value < 1) return `${sign}${value === 0 ? '0' : trim(value)} ms`;
  if (value < 1000) return `${sign}${value < 10 ? trim(value) : Math.round(value)} ms`;
  if (value < 60_000) return `${sign}${trim(value / 1000)} s`;
  const seconds = Math.round(value / 1000);
  if (seconds < 3600) return `${sign}${pair(seconds, 60, 'min', 's')}`;
  if (seconds < 86_400) return `${sign}${pair(Math.round(seconds / 60), 60, 'h', 'min')}`;
  return `${sign}${pair(Math.round(seconds / 3600), 24, 'd', 'h')}`;
}

/** 1234567 → "1.23 M"; whole below 10,000. */
export function count(value: number): string {
  if (Math.abs(value) < 10_000) return (Number.isInteger(value) ? value : Number(trim(value))).toLocaleString('en-US');
  if (Math.abs(value) < 1e6) return `${trim(value / 1e3)} k`;
  if (Math.abs(value) < 1e9) return `${trim(value / 1e6)} M`;
  return `${trim(value / 1e9)} G`;
}

/** 0.1234 → "12.3 %". */
export function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 0.1 ? '< 0.1' : trim(value)} %`;
}

/** The time from then to now: "12 s ago", "in 3 min". */
export function relative(time: number, now: number): string {
  const difference = now - time;
  const text = rough(Math.abs(difference));
  if (text === null) return 'now';
  return difference >= 0 ? `${text} ago` : `in ${text}`;
}

function rough(milliseconds: number): string | null {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 1) return null;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

function pair(value: number, base: number, large: string, small: string): string {
  const rest = value % base;
  return rest ? `${Math.floor(value / base)} ${large} ${rest} ${small}` : `${Math.floor(value / base)} ${large}`;
}

/** Three significant digits, without zeros at the end. */
function trim(value: number): string {
  return String(Number(value.toPrecision(3)));
}
