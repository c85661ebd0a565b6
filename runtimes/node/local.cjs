'use strict';
// Runs one call of a function on a developer's machine: the event comes by standard input, the answer goes to
// standard output, all else to standard error. Exit codes: 0 answered, 1 failed.

const fs = require('node:fs');
const path = require('node:path');
const { Console } = require('node:console');
const { loadHandler } = require('./handler.cjs');
const { toPayload } = require('./errors.cjs');

const [folder, handlerName, requestId, arn, seconds] = process.argv.slice(2);
const answer = (text, status) => fs.writeSync(1, `${text}\n`) && process.exit(status);
globalThis.console = new Console(process.stderr, process.stderr);

const deadline = Date.now() + Number(seconds) * 1000;
const context = {
  awsRequestId: requestId,
  invokedFunctionArn: arn,
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
  memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  logGroupName: `/aws/lambda/${process.env.AWS_LAMBDA_FUNCTION_NAME}`,
  logStreamName: 'local',
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
};

function call(handler, event) {
  return new Promise((resolve, reject) => {
    const finish = (error, value) => (error ? reject(error) : resolve(value));
    const returned = handler(event, { ...context, done: finish, succeed: resolve, fail: reject }, finish);
    if (typeof returned?.then === 'function') returned.then(resolve, reject);
    else if (handler.length < 3) resolve(returned);
  });
}

async function main() {
  const event = JSON.parse(fs.readFileSync(0, 'utf8'));
  process.chdir(folder);
  const handler = await loadHandler(path.resolve(folder), handlerName);
  const value = await call(handler, event);
  answer(JSON.stringify(value) ?? 'null', 0);
}

main().catch((error) => answer(toPayload(error), 1));
