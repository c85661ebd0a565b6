// Sends to an open WebSocket with the unmodified @aws-sdk: node connections.mjs ENDPOINT CONNECTION.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const [endpoint, ConnectionId] = process.argv.slice(2);
const require = createRequire(`${process.env.CLIENT_MODULES}/package.json`);
const sdk = require('@aws-sdk/client-apigatewaymanagementapi');
// Without an endpoint of its own it asks AWS_ENDPOINT_URL, as it does in a function.
const client = new sdk.ApiGatewayManagementApiClient({ maxAttempts: 1, ...(endpoint === '' ? {} : { endpoint }) });

await client.send(new sdk.PostToConnectionCommand({ ConnectionId, Data: 'pushed' }));
await client.send(new sdk.PostToConnectionCommand({ ConnectionId, Data: Buffer.from([0, 255]) }));
const connection = await client.send(new sdk.GetConnectionCommand({ ConnectionId }));
assert.equal(connection.Identity.SourceIp, '127.0.0.1');
assert.ok(connection.ConnectedAt <= connection.LastActiveAt);
await client.send(new sdk.DeleteConnectionCommand({ ConnectionId }));
const late = await client.send(new sdk.PostToConnectionCommand({ ConnectionId, Data: 'late' })).catch((error) => error);
assert.ok(late instanceof sdk.GoneException, late.name);
await assert.rejects(
  client.send(new sdk.PostToConnectionCommand({ ConnectionId, Data: Buffer.alloc(128 * 1024 + 1) })),
  sdk.PayloadTooLargeException,
);
console.log('passed');
