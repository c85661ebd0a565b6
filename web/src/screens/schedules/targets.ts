// What a schedule fires, by its ARN. Pure.
import type { IconName } from '../../ui/Icon';

export interface Target {
  kind: 'function' | 'queue' | 'stateMachine' | 'other';
  word: string;
  name: string;
  qualifier?: string;
  href?: string;
  icon: IconName;
}

export function targetOf(arn: string): Target {
  const parts = arn.split(':');
  const service = parts[2];
  if (service === 'lambda') {
    return {
      kind: 'function',
      word: 'function',
      name: parts[6]!,
      qualifier: parts[7],
      icon: 'function',
      href: `/functions/${encodeURIComponent(parts[6]!)}`,
    };
  }
  if (service === 'sqs') {
    return {
      kind: 'queue',
      word: 'queue',
      name: parts[5]!,
      icon: 'queue',
      href: `/queues/${encodeURIComponent(parts[5]!)}`,
    };
  }
  if (service === 'states') {
    return {
      kind: 'stateMachine',
      word: 'workflow',
      name: parts[6]!,
      qualifier: parts[7],
      icon: 'workflow',
      href: `/machines/${encodeURIComponent(parts[6]!)}`,
    };
  }
  return { kind: 'other', word: 'call', name: parts.slice(6).join(':') || arn, icon: 'link' };
}
