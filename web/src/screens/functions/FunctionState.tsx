import type { FunctionConfiguration, FunctionEntry } from '../../api/functions';
import { Badge, type Tone } from '../../ui/Badge';

const shown: Record<FunctionEntry['state'], [Tone, string, string]> = {
  active: ['good', 'active', 'It takes calls'],
  pending: ['info', 'pending', 'It is being made ready'],
  updating: ['info', 'updating', 'A change is being made ready; calls use what was there before'],
  failed: ['bad', 'failed', 'It could not be made ready'],
  'update-failed': ['bad', 'update failed', 'The last change failed; calls use what was there before'],
  off: ['warn', 'off', 'Its reserved concurrency is 0, so that every call is refused'],
};

export function FunctionStateBadge({ state, reason }: { state: FunctionEntry['state']; reason?: string }) {
  const [tone, word, meaning] = shown[state];
  return <Badge tone={tone} pulse={state === 'updating' || state === 'pending'} title={reason ?? meaning}>{word}</Badge>;
}

/** The state of a function as GET /v1/functions has it, out of what the Lambda API says. */
export function stateOf(configuration: FunctionConfiguration, reserved?: number): FunctionEntry['state'] {
  if (configuration.State === 'Failed') return 'failed';
  if (configuration.State === 'Pending') return 'pending';
  if (configuration.LastUpdateStatus === 'Failed') return 'update-failed';
  if (configuration.LastUpdateStatus === 'InProgress') return 'updating';
  return reserved === 0 ? 'off' : 'active';
}
