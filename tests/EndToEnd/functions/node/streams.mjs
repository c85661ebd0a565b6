// Functions whose bodies are streamed, and the ones behind WebSockets.
import { createHash } from 'node:crypto';
import { once } from 'node:events';

const stream = awslambda.streamifyResponse;
const state = { written: 0, aborted: false, ended: false };
let release;

/** Writes as fast as it may; another call of the same environment tells how far it is. */
export const firehose = stream(async (event, response, context) => {
  if (event.rawPath === '/progress') {
    response.end(JSON.stringify(state));
    return;
  }
  const part = Buffer.alloc(64 * 1024, 'x');
  for (let left = Number(event.queryStringParameters.bytes); left > 0 && !context.signal.aborted; left -= part.length) {
    const chunk = left < part.length ? part.subarray(0, left) : part;
    state.written += chunk.length;
    if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(context.signal, 'abort')]);
  }
  state.aborted = context.signal.aborted;
  response.end();
  state.ended = true;
});

/** Server-sent events: the next one is sent when another call asks for it. */
export const events = stream(async (event, response) => {
  if (event.rawPath === '/next') {
    release();
    response.end();
    return;
  }
  const http = awslambda.HttpResponseStream.from(response, {
    statusCode: 200, headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' },
  });
  const first = Number(event.headers['last-event-id'] ?? 0) + 1;
  for (let id = first; id < first + 3; id++) {
    const next = new Promise((resolve) => { release = resolve; });
    http.write(`id: ${id}\ndata: event ${id}\n\n`);
    if (id < first + 2) await next;
  }
  http.end();
});

export const hashes = async (event, context) => {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const part of context.bodyStream) {
    hash.update(part);
    bytes += part.length;
  }
  return { bytes, sha256: hash.digest('hex'), path: event.rawPath, body: event.body ?? null };
};

/** Answers before the body has come. */
export const refuses = async () => ({ statusCode: 422, body: 'not wanted' });

/** What a connection's events were; another call reads it. */
const seen = [];
let order = 0;
export const socket = async (event) => {
  const { eventType, connectionId } = event.requestContext ?? {};
  switch (eventType) {
    case 'CONNECT': {
      seen.push({ eventType, routeKey: event.requestContext.routeKey, query: event.queryStringParameters ?? null });
      const wish = event.queryStringParameters?.status;
      if (wish === 'throw') throw new Error('no connection');
      return { statusCode: Number(wish ?? 200), body: 'refused', headers: { 'Sec-WebSocket-Protocol': 'chat' } };
    }
    case 'MESSAGE':
      return reply(event, connectionId);
    case 'DISCONNECT':
      seen.push({ eventType, status: event.requestContext.disconnectStatusCode });
      console.log(`disconnected ${event.requestContext.disconnectStatusCode}`);
      return {};
    default:
      return { statusCode: 200, body: JSON.stringify(seen) };
  }
};

async function reply(event, connectionId) {
  if (event.isBase64Encoded) return { isBase64Encoded: true, body: event.body };
  switch (event.body) {
    case 'id': return connectionId;
    case 'silent': return { statusCode: 200 };
    case 'throw': throw new Error('broken');
    case 'event': return { statusCode: 200, body: JSON.stringify(event) };
    default: {
      // The first of two messages takes longer: only one at a time keeps their order.
      const place = ++order;
      await new Promise((resolve) => setTimeout(resolve, place % 2 === 1 ? 50 : 0));
      return { statusCode: 200, body: `${place}:${event.body}` };
    }
  }
}
