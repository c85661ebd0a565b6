// The floor: a bare node:http server that calls the same handler and answers as a function URL does.
import { createServer } from 'node:http';
import { handler } from './hello.mjs';

const server = createServer(async (request, response) => {
  const body = JSON.stringify(await handler({}, {}));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'));
