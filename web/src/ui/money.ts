/** An amount as people read it: two decimals from a unit on, three digits that say something below. */
export function money(amount: string | number, currency?: string): string {
  const value = Number(amount);
  const text =
    value === 0
      ? '0'
      : Math.abs(value) >= 1
        ? value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
        : plain(value);
  return currency ? `${text} ${currency}` : text;
}

/** Without an exponent. */
function plain(value: number): string {
  const digits = Math.min(20, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(digits).replace(/0+$/, '');
}
