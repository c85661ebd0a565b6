import { Link } from 'wouter';
import { Rates } from '../metrics/Rates';
import '../metrics/metrics.css';

export function RatesTab() {
  return (
    <div className="stack">
      <Rates />
      <p className="soft">
        What that makes of calls is <Link href="/explorer?tab=cost">the bill</Link>.
      </p>
    </div>
  );
}
