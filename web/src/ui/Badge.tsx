import type { ReactNode } from 'react';
import './Badge.css';

export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'accent' | 'neutral';

/** A short state. It always says in words what its colour says. */
export function Badge({
  tone = 'neutral',
  children,
  title,
  pulse,
}: {
  tone?: Tone;
  children: ReactNode;
  title?: string;
  pulse?: boolean;
}) {
  return (
    <span className={`badge badge-${tone}`} title={title}>
      <span className={pulse ? 'badge-dot badge-pulse' : 'badge-dot'} aria-hidden="true" />
      {children}
    </span>
  );
}

const tones: Record<string, Tone> = {
  succeeded: 'good',
  success: 'good',
  active: 'good',
  ok: 'good',
  enabled: 'good',
  ready: 'good',
  healthy: 'good',
  failed: 'bad',
  error: 'bad',
  'timed-out': 'bad',
  timeout: 'bad',
  dead: 'bad',
  exhausted: 'bad',
  raised: 'bad',
  aborted: 'warn',
  paused: 'warn',
  disabled: 'neutral',
  expired: 'warn',
  throttled: 'warn',
  retrying: 'warn',
  ignored: 'neutral',
  running: 'info',
  pending: 'info',
  waiting: 'info',
  queued: 'info',
  open: 'bad',
  resolved: 'good',
  reopened: 'bad',
};

/** A state by the name the API has for it. */
export function StatusBadge({ status, title }: { status: string; title?: string }) {
  const key = status.toLowerCase().replace(/_/g, '-');
  return (
    <Badge tone={tones[key] ?? 'neutral'} pulse={key === 'running'} title={title}>
      {key.replace(/-/g, ' ')}
    </Badge>
  );
}
