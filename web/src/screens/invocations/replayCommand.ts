import type { ReplayBatch } from '../../api/replays';
import { shellQuote } from '../../ui/shell';

/** The same replay from a terminal. */
export function replayCommand(batch: ReplayBatch): string {
  const options: Array<[string, string | number | undefined]> = [
    ['--function', batch.function],
    ['--error', batch.errorGroup],
    ['--since', batch.since],
    ['--to', batch.version],
    ['--rate', batch.perSecond],
  ];
  const words = options.flatMap(([name, value]) => (value === undefined ? [] : [name, shellQuote(String(value))]));
  return ['lambent replay --failed', ...words].join(' ');
}
