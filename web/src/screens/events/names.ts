// What lines and targets are called. Pure.

export interface Target {
  kind: 'function' | 'queue' | 'callback' | 'email';
  name: string;
  /** Where it is shown; absent for what has no screen. */
  href?: string;
}

/** "function/shop" as the line of a function. */
export function targetOfLine(line: string): Target {
  const slash = line.indexOf('/');
  const [kind, name] = slash < 0 ? ['function', line] : [line.slice(0, slash), line.slice(slash + 1)];
  return target(kind, name);
}

/** An ARN of a function or a queue; other targets by what is behind their last slash or colon. */
export function targetOfArn(arn: string): Target {
  const parts = arn.split(':');
  if (parts[2] === 'lambda') return { ...target('function', parts[6] ?? arn), name: parts.slice(6).join(':') };
  if (parts[2] === 'sqs') return target('queue', parts[5] ?? arn);
  return { kind: arn.includes('@') ? 'email' : 'callback', name: parts.at(-1) ?? arn };
}

function target(kind: string, name: string): Target {
  switch (kind) {
    case 'queue':
      return { kind, name, href: `/queues/${encodeURIComponent(name)}` };
    case 'email':
      return { kind, name };
    case 'callback':
      return { kind, name };
    default:
      return { kind: 'function', name, href: `/functions/${encodeURIComponent(name)}` };
  }
}
