// A queue's settings as a form: what SQS says in texts, and what of it was changed. Pure.
export interface QueueForm {
  visibilityTimeout: string;
  delay: string;
  retention: string;
  maximumSize: string;
  receiveWait: string;
  deadLetterQueue: string;
  receiveCountMax: string;
  contentBasedDeduplication: boolean;
  deduplicationScope: string;
}

/** Names of the form's numbers with SQS's name, the least and the most. */
export const numbers: Array<{
  field: keyof QueueForm;
  attribute: string;
  label: string;
  unit: string;
  least: number;
  most: number;
  hint: string;
}> = [
  {
    field: 'visibilityTimeout',
    attribute: 'VisibilityTimeout',
    label: 'Visibility timeout',
    unit: 's',
    least: 0,
    most: 43_200,
    hint: 'How long a received message is hidden before it comes again',
  },
  {
    field: 'delay',
    attribute: 'DelaySeconds',
    label: 'Delay',
    unit: 's',
    least: 0,
    most: 900,
    hint: 'How long a new message is put off',
  },
  {
    field: 'retention',
    attribute: 'MessageRetentionPeriod',
    label: 'Retention',
    unit: 's',
    least: 60,
    most: 1_209_600,
    hint: 'How long a message is kept',
  },
  {
    field: 'maximumSize',
    attribute: 'MaximumMessageSize',
    label: 'Largest message',
    unit: 'bytes',
    least: 1024,
    most: 1_048_576,
    hint: 'Body and attributes together',
  },
  {
    field: 'receiveWait',
    attribute: 'ReceiveMessageWaitTimeSeconds',
    label: 'Wait of a receive',
    unit: 's',
    least: 0,
    most: 20,
    hint: 'For a message, when the receiver does not say',
  },
];

export function formOf(attributes: Record<string, string>): QueueForm {
  const redrive = JSON.parse(attributes['RedrivePolicy'] ?? '{}') as {
    deadLetterTargetArn?: string;
    maxReceiveCount?: string | number;
  };
  return {
    visibilityTimeout: attributes['VisibilityTimeout'] ?? '30',
    delay: attributes['DelaySeconds'] ?? '0',
    retention: attributes['MessageRetentionPeriod'] ?? '345600',
    maximumSize: attributes['MaximumMessageSize'] ?? '1048576',
    receiveWait: attributes['ReceiveMessageWaitTimeSeconds'] ?? '0',
    deadLetterQueue: redrive.deadLetterTargetArn?.split(':').at(-1) ?? '',
    receiveCountMax: String(redrive.maxReceiveCount ?? 5),
    contentBasedDeduplication: attributes['ContentBasedDeduplication'] === 'true',
    deduplicationScope: attributes['DeduplicationScope'] ?? 'queue',
  };
}

/** The attributes that differ, as SetQueueAttributes takes them. */
export function changesOf(before: QueueForm, after: QueueForm, queueArn: string): Record<string, string> {
  const changes: Record<string, string> = {};
  for (const { field, attribute } of numbers) {
    if (after[field] !== before[field]) changes[attribute] = String(after[field]);
  }
  if (
    after.deadLetterQueue !== before.deadLetterQueue ||
    (after.deadLetterQueue !== '' && after.receiveCountMax !== before.receiveCountMax)
  ) {
    changes['RedrivePolicy'] =
      after.deadLetterQueue === ''
        ? ''
        : JSON.stringify({
            deadLetterTargetArn: [...queueArn.split(':').slice(0, -1), after.deadLetterQueue].join(':'),
            maxReceiveCount: Number(after.receiveCountMax),
          });
  }
  if (after.contentBasedDeduplication !== before.contentBasedDeduplication) {
    changes['ContentBasedDeduplication'] = String(after.contentBasedDeduplication);
  }
  if (after.deduplicationScope !== before.deduplicationScope) changes['DeduplicationScope'] = after.deduplicationScope;
  return changes;
}

/** What is wrong with a number of the form, or null. */
export function numberProblem(text: string, least: number, most: number): string | null {
  return /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most
    ? null
    : `A whole number from ${least.toLocaleString('en-US')} to ${most.toLocaleString('en-US')}`;
}
