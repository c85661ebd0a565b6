// A function that says what it does as spans, and calls the platform with its environment's credentials, both by hand.
import crypto from 'node:crypto';

const address = new URL(process.env.AWS_ENDPOINT_URL);
const digest = (text) => crypto.createHash('sha256').update(text).digest('hex');
const keyed = (key, text) => crypto.createHmac('sha256', key).update(text).digest();

/** Signature Version 4, with the trace as the SDKs send it. */
async function call(service, target, input) {
  const body = JSON.stringify(input);
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${stamp.slice(0, 8)}/${process.env.AWS_REGION}/${service}/aws4_request`;
  const headers = {
    host: address.host,
    'x-amz-content-sha256': digest(body),
    'x-amz-date': stamp,
    'x-amz-security-token': process.env.AWS_SESSION_TOKEN,
  };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`).join('');
  const canonical = `POST\n/\n\n${lines}\n${names}\n${digest(body)}`;
  const text = `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${digest(canonical)}`;
  const key = scope.split('/').reduce(keyed, `AWS4${process.env.AWS_SECRET_ACCESS_KEY}`);
  const response = await fetch(new URL('/', address), {
    method: 'POST',
    body,
    headers: {
      ...headers,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      'x-amzn-trace-id': process.env._X_AMZN_TRACE_ID,
      authorization: `AWS4-HMAC-SHA256 Credential=${process.env.AWS_ACCESS_KEY_ID}/${scope}, SignedHeaders=${names}, `
        + `Signature=${keyed(key, text).toString('hex')}`,
    },
  });
  if (!response.ok) throw new Error(`${target}: ${response.status} ${await response.text()}`);
}

/** Does something as a span, which is sent as OTLP in JSON. */
async function span(name, work) {
  const [, time, id, parent] = /Root=1-(\w{8})-(\w{24});Parent=(\w{16})/.exec(process.env._X_AMZN_TRACE_ID);
  const start = Date.now();
  await work();
  const one = {
    traceId: time + id, spanId: crypto.randomBytes(8).toString('hex'), parentSpanId: parent, name, kind: 1,
    startTimeUnixNano: `${start}000000`, endTimeUnixNano: `${Date.now()}000000`,
    attributes: [{ key: 'who', value: { stringValue: process.env.AWS_LAMBDA_FUNCTION_NAME } }],
  };
  const sent = await fetch(process.env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ scope: { name: 'by hand' }, spans: [one] }] }] }),
  });
  if (!sent.ok) throw new Error(`OTLP: ${sent.status} ${await sent.text()}`);
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export const handler = async (event) => {
  const { QUEUE, MACHINE, PAUSE } = process.env;
  await span('work', () => pause(Number(PAUSE ?? 2)));
  if (QUEUE) await call('sqs', 'AmazonSQS.SendMessage', { QueueUrl: QUEUE, MessageBody: '{}' });
  if (MACHINE) await call('states', 'AWSStepFunctions.StartExecution', { stateMachineArn: MACHINE, input: '{}' });
  return { traceparent: event.headers?.traceparent ?? null };
};
