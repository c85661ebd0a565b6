// What queues are like, in words and commands. Pure.
import type { CommandForms } from '../../ui/CopyAs';
import { shellQuote } from '../../ui/CopyAs';
import { duration } from '../../ui/format';
import type { Tone } from '../../ui/Badge';
import { sendBody, type NewMessage, type Queue } from '../../api/queues';

const tones: Record<string, Tone> = {
  empty: 'neutral',
  'worked-on': 'good',
  'in-flight': 'info',
  delayed: 'info',
  'pushed-again': 'warn',
  'group-blocked': 'warn',
  'no-consumer': 'warn',
  'consumer-paused': 'warn',
  throttled: 'warn',
  'concurrency-reached': 'warn',
  'concurrency-zero': 'bad',
  'target-missing': 'bad',
  failing: 'bad',
  'in-flight-limit': 'bad',
};

/** How bad a reason is by which messages wait. */
export const toneOf = (code: string): Tone => tones[code] ?? 'neutral';

export const age = (seconds: number | undefined): string => (seconds === undefined ? '–' : duration(seconds * 1000));

/** The same in one unit, for where there is little room. */
export function roughAge(seconds: number | undefined): string {
  if (seconds === undefined) return '–';
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

/** 0.125 → "0.13 /s"; nothing is a dash, so that what moves is seen. */
export function rate(perSecond: number): string {
  if (perSecond === 0) return '–';
  return `${perSecond < 0.01 ? '< 0.01' : Number(perSecond.toPrecision(2))} /s`;
}

/** "2 running of 5", "off", for a list. */
export function consumersInWords(queue: Queue): string {
  if (queue.consumers.length === 0) return '–';
  return queue.consumers.map((each) => each.name.replace(/^function /, '')).join(', ');
}

/** One operation of SQS as curl says it; commands of ours where there is one. */
export const sqsForms = (cli: string, operation: string, body: unknown): CommandForms => ({
  cli,
  request: {
    method: 'POST',
    path: '/',
    service: 'sqs',
    body,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` },
  },
});

/** Our verb where it can say all of the message; AWS's where it cannot. */
export function sendForms(queue: Pick<Queue, 'name' | 'url'>, message: NewMessage): CommandForms {
  const body = sendBody(queue.url, message);
  const isPlain = message.attributes.every((each) => each.name === '') && !message.delaySeconds;
  const ours = [
    'lambent queue send',
    shellQuote(queue.name),
    '--body',
    shellQuote(message.body),
    message.priority === undefined ? '' : `--priority ${message.priority}`,
    message.group ? `--group ${shellQuote(message.group)}` : '',
    message.deduplicationId ? `--deduplication-id ${shellQuote(message.deduplicationId)}` : '',
  ];
  const awss = [
    'aws sqs send-message --queue-url',
    shellQuote(queue.url),
    '--message-body',
    shellQuote(message.body),
    message.delaySeconds ? `--delay-seconds ${message.delaySeconds}` : '',
    body['MessageAttributes'] ? `--message-attributes ${shellQuote(JSON.stringify(body['MessageAttributes']))}` : '',
    message.group ? `--message-group-id ${shellQuote(message.group)}` : '',
    message.deduplicationId ? `--message-deduplication-id ${shellQuote(message.deduplicationId)}` : '',
  ];
  return sqsForms((isPlain ? ours : awss).filter((part) => part !== '').join(' '), 'SendMessage', body);
}
