// What a new function may begin as: one file that works, for each way of being called.

export type Language = 'node' | 'python';
export type TemplateId = 'http' | 'queue' | 'schedule' | 'step';

export interface Template {
  id: TemplateId;
  title: string;
  about: string;
  /** A name to begin with. */
  name: string;
  /** Whether it is called by an address. */
  wantsUrl: boolean;
  /** What it can be tried with. */
  event: unknown;
  code: Record<Language, string>;
}

export function languageOfRuntime(runtime: string): Language | null {
  if (runtime.startsWith('nodejs')) return 'node';
  return runtime.startsWith('python') ? 'python' : null;
}

export const files: Record<Language, { file: string; handler: string }> = {
  node: { file: 'index.mjs', handler: 'index.handler' },
  python: { file: 'lambda_function.py', handler: 'lambda_function.lambda_handler' },
};

/** Versions by their numbers, the newest first: python3.9 is older than python3.13. */
export function newestFirst(runtimes: string[]): string[] {
  const version = (name: string) => (name.match(/\d+/g) ?? []).map(Number);
  return [...runtimes].sort((one, other) => {
    const [a, b] = [version(one), version(other)];
    return (b[0] ?? 0) - (a[0] ?? 0) || (b[1] ?? 0) - (a[1] ?? 0);
  });
}

export const httpEvent = {
  version: '2.0', routeKey: '$default', rawPath: '/', rawQueryString: 'name=Anna',
  headers: { 'content-type': 'application/json', host: 'localhost' },
  queryStringParameters: { name: 'Anna' },
  requestContext: {
    http: { method: 'GET', path: '/', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'dashboard' },
    stage: '$default', requestId: 'test',
  },
  isBase64Encoded: false,
};

export const queueEvent = {
  Records: [{
    messageId: '11111111-2222-3333-4444-555555555555', receiptHandle: 'test', body: '{"id":17,"kind":"order"}',
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1767225600000' }, messageAttributes: {},
    eventSource: 'aws:sqs', eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:orders', awsRegion: 'us-east-1',
  }],
};

export const scheduleEvent = {
  version: '0', id: '11111111-2222-3333-4444-555555555555', 'detail-type': 'Scheduled Event', source: 'aws.scheduler',
  account: '000000000000', time: '2026-01-01T06:00:00Z', region: 'us-east-1', resources: [], detail: {},
};

export const objectEvent = {
  Records: [{
    eventVersion: '2.1', eventSource: 'aws:s3', awsRegion: 'us-east-1', eventTime: '2026-01-01T06:00:00Z',
    eventName: 'ObjectCreated:Put',
    s3: {
      bucket: { name: 'reports', arn: 'arn:aws:s3:::reports' },
      object: { key: '2026/report.csv', size: 1024, eTag: 'd41d8cd98f00b204e9800998ecf8427e' },
    },
  }],
};

export const templates: Template[] = [
  {
    id: 'http', title: 'HTTP', about: 'Answers requests at an address of its own.', name: 'hello', wantsUrl: true, event: httpEvent,
    code: {
      node: `export async function handler(event) {
  const name = event.queryStringParameters?.name ?? 'world';
  console.log('greeting', name);
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: \`Hello, \${name}\` }),
  };
}
`,
      python: `import json


def lambda_handler(event, context):
    name = (event.get("queryStringParameters") or {}).get("name", "world")
    print("greeting", name)
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json"},
        "body": json.dumps({"message": f"Hello, {name}"}),
    }
`,
    },
  },
  {
    id: 'queue', title: 'Queue consumer', about: 'Works off messages in batches; those that fail come again.', name: 'work-off',
    wantsUrl: false, event: queueEvent,
    code: {
      node: `export async function handler(event) {
  const failed = [];
  for (const record of event.Records) {
    try {
      const message = JSON.parse(record.body);
      console.log('worked off', message.id);
    } catch (error) {
      console.error('failed', record.messageId, error.message);
      failed.push({ itemIdentifier: record.messageId });
    }
  }
  return { batchItemFailures: failed };
}
`,
      python: `import json


def lambda_handler(event, context):
    failed = []
    for record in event["Records"]:
        try:
            message = json.loads(record["body"])
            print("worked off", message.get("id"))
        except Exception as error:
            print("failed", record["messageId"], error)
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}
`,
    },
  },
  {
    id: 'schedule', title: 'Scheduled', about: 'Runs at set times, such as every night.', name: 'nightly', wantsUrl: false,
    event: scheduleEvent,
    code: {
      node: `export async function handler(event) {
  console.log('due at', event.time ?? new Date().toISOString());
  return { done: true };
}
`,
      python: `def lambda_handler(event, context):
    print("due at", event.get("time"))
    return {"done": True}
`,
    },
  },
  {
    id: 'step', title: 'Workflow step', about: 'One step of a state machine: its input comes in, its result goes on.', name: 'charge',
    wantsUrl: false, event: { order: 17, amount: 99.5 },
    code: {
      node: `class CardDeclined extends Error {
  name = 'CardDeclined';
}

export async function handler(input) {
  // A Catch or Retry of the state machine names errors like this one.
  if (input.amount > 1000) throw new CardDeclined(\`order \${input.order}: \${input.amount} is too much\`);
  return { ...input, charged: true };
}
`,
      python: `class CardDeclined(Exception):
    pass


def lambda_handler(input, context):
    # A Catch or Retry of the state machine names errors like this one.
    if input["amount"] > 1000:
        raise CardDeclined(f"order {input['order']}: {input['amount']} is too much")
    return {**input, "charged": True}
`,
    },
  },
];

const nameRule = /^[a-zA-Z0-9_-]{1,64}$/;

/** What is wrong with a function's name, or null. */
export function wrongFunctionName(name: string): string | null {
  return nameRule.test(name) ? null : 'Letters, digits, - and _, 1 to 64 of them.';
}
