import type { Outcome } from '../../api/invocations';
import { Badge, type Tone } from '../../ui/Badge';

const tones: Partial<Record<Outcome, Tone>> = { success: 'good', timeout: 'warn' };

/** How a call ended, in words. */
export function OutcomeBadge({ outcome }: { outcome: Outcome }) {
  return <Badge tone={tones[outcome] ?? 'bad'}>{outcome === 'success' ? 'ok' : outcome.replace(/-/g, ' ')}</Badge>;
}
