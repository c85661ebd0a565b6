// Drives the platform with the unmodified @aws-sdk, as its users do: node client.mjs SCENARIO PREFIX FOLDER.
// FOLDER holds this file's node_modules; the functions' zip files are beside it, by name.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

const [scenario, prefix, work, errorTable] = process.argv.slice(2);
const require = createRequire(`${process.env.CLIENT_MODULES}/package.json`);
const sdk = require('@aws-sdk/client-lambda');
const { STSClient, GetCallerIdentityCommand } = require('@aws-sdk/client-sts');

const arn = 'arn:aws:lambda:us-east-1:000000000000:function';
const role = 'arn:aws:iam::000000000000:role/lambda';
const settings = { maxAttempts: 1 };
const lambda = new sdk.LambdaClient(settings);
const call = (operation, input) => lambda.send(new sdk[`${operation}Command`](input));
const zip = (name) => readFileSync(`${work}/${name}.zip`);
const text = (payload) => Buffer.from(payload).toString();
const waiting = { client: lambda, maxWaitTime: 30, minDelay: 1, maxDelay: 1 };

async function refused(promise, status, code, message) {
  const error = await promise.then(
    () => assert.fail(`${code} was expected`),
    (failure) => failure,
  );
  assert.deepEqual([error.$metadata?.httpStatusCode, error.name], [status, code], `${error.name}: ${error.message}`);
  if (message !== undefined) assert.equal(error.message, message);
  return error;
}

async function create(name, handler = 'index.hello', more = {}) {
  const created = await call('CreateFunction', {
    FunctionName: name,
    Runtime: 'nodejs20.x',
    Handler: handler,
    Role: role,
    Code: { ZipFile: zip('node') },
    ...more,
  });
  await sdk.waitUntilFunctionActiveV2(waiting, { FunctionName: name });
  return created;
}

async function updated(name) {
  await sdk.waitUntilFunctionUpdatedV2(waiting, { FunctionName: name });
}

async function pages(operation, input, member) {
  const all = [];
  let Marker;
  let count = 0;
  do {
    const page = await call(operation, { ...input, MaxItems: 2, Marker });
    assert.ok(page[member].length <= 2);
    all.push(...page[member]);
    Marker = page.NextMarker;
    assert.ok(++count < 500, 'the pages do not end');
  } while (Marker);
  return all;
}

const scenarios = {
  async lifecycle(name) {
    const created = await create(name, 'index.hello', {
      Description: 'first',
      Environment: { Variables: { KEY: 'one' } },
    });
    assert.equal(created.$metadata.httpStatusCode, 201);
    assert.deepEqual(
      [
        created.State,
        created.StateReasonCode,
        created.StateReason,
        created.Version,
        created.PackageType,
        created.Timeout,
        created.MemorySize,
        created.EphemeralStorage.Size,
        created.TracingConfig.Mode,
        created.Architectures[0],
        created.SnapStart.ApplyOn,
        created.SnapStart.OptimizationStatus,
        created.LoggingConfig.LogFormat,
        created.LoggingConfig.LogGroup,
        created.FunctionArn,
      ],
      [
        'Pending',
        'Creating',
        'The function is being created.',
        '$LATEST',
        'Zip',
        3,
        128,
        512,
        'PassThrough',
        'x86_64',
        'None',
        'Off',
        'Text',
        `/aws/lambda/${name}`,
        `${arn}:${name}`,
      ],
    );
    assert.equal(created.CodeSha256, createHash('sha256').update(zip('node')).digest('base64'));
    const got = await call('GetFunction', { FunctionName: name });
    assert.deepEqual(
      [got.Configuration.State, got.Configuration.LastUpdateStatus, got.Code.RepositoryType],
      ['Active', 'Successful', 'S3'],
    );
    assert.notEqual(got.Configuration.RevisionId, created.RevisionId);

    const answer = await call('Invoke', { FunctionName: name, Payload: JSON.stringify({ name: 'Ada' }) });
    assert.deepEqual(
      [answer.StatusCode, answer.ExecutedVersion, text(answer.Payload)],
      [200, '$LATEST', '{"hello":"Ada"}'],
    );

    const configured = await call('UpdateFunctionConfiguration', {
      FunctionName: name,
      Handler: 'index.variables',
      Timeout: 7,
      MemorySize: 256,
      Environment: { Variables: { KEY: 'two' } },
    });
    assert.deepEqual(
      [configured.LastUpdateStatus, configured.LastUpdateStatusReasonCode, configured.Timeout],
      ['InProgress', 'Creating', 7],
    );
    await updated(name);
    const variables = JSON.parse(text((await call('Invoke', { FunctionName: name })).Payload));
    assert.deepEqual([variables.KEY, variables.AWS_LAMBDA_FUNCTION_MEMORY_SIZE], ['two', '256']);

    await call('UpdateFunctionCode', { FunctionName: name, ZipFile: zip('other') });
    await updated(name);
    await call('UpdateFunctionConfiguration', { FunctionName: name, Handler: 'index.handler' });
    await updated(name);
    assert.equal(text((await call('Invoke', { FunctionName: name })).Payload), '"other code"');

    assert.equal((await call('DeleteFunction', { FunctionName: name })).$metadata.httpStatusCode, 204);
    await refused(
      call('DeleteFunction', { FunctionName: name }),
      404,
      'ResourceNotFoundException',
      `Function not found: ${arn}:${name}`,
    );
  },

  async invocationTypes(name) {
    await create(name, 'index.nothing');
    const event = await call('Invoke', { FunctionName: name, InvocationType: 'Event' });
    assert.deepEqual([event.StatusCode, event.Payload?.length ?? 0], [202, 0]);
    assert.equal((await call('Invoke', { FunctionName: name, InvocationType: 'DryRun' })).StatusCode, 204);
    assert.equal(text((await call('Invoke', { FunctionName: name })).Payload), 'null');
    const logged = await call('Invoke', { FunctionName: name, LogType: 'Tail' });
    assert.match(Buffer.from(logged.LogResult, 'base64').toString(), /^START RequestId: .* Version: \$LATEST\n/);
  },

  async paging(name) {
    const names = ['a', 'b', 'c', 'd', 'e'].map((letter) => `${name}-${letter}`);
    for (const one of names) await create(one);
    const listed = (await pages('ListFunctions', {}, 'Functions')).map((one) => one.FunctionName);
    assert.equal(new Set(listed).size, listed.length, 'a function came twice');
    assert.deepEqual(listed.filter((one) => names.includes(one)).sort(), names);
    for (const one of names) await call('DeleteFunction', { FunctionName: one });
  },

  async versions(name) {
    await create(name, 'index.fields');
    const first = await call('PublishVersion', { FunctionName: name, Description: 'the first' });
    assert.deepEqual(
      [first.$metadata.httpStatusCode, first.Version, first.FunctionArn, first.Description],
      [201, '1', `${arn}:${name}:1`, 'the first'],
    );
    assert.equal(
      (await call('PublishVersion', { FunctionName: name })).Version,
      '1',
      'unchanged code is the same version',
    );
    await call('UpdateFunctionConfiguration', { FunctionName: name, Description: 'second' });
    await updated(name);
    assert.equal((await call('PublishVersion', { FunctionName: name })).Version, '2');
    const versions = await pages('ListVersionsByFunction', { FunctionName: name }, 'Versions');
    assert.deepEqual(
      versions.map((one) => one.Version),
      ['$LATEST', '1', '2'],
    );

    const alias = await call('CreateAlias', {
      FunctionName: name,
      Name: 'live',
      FunctionVersion: '1',
      RoutingConfig: { AdditionalVersionWeights: { 2: 0.5 } },
    });
    assert.deepEqual(
      [alias.AliasArn, alias.FunctionVersion, alias.Description, alias.RoutingConfig.AdditionalVersionWeights],
      [`${arn}:${name}:live`, '1', '', { 2: 0.5 }],
    );
    const seen = { 1: 0, 2: 0 };
    for (let count = 0; count < 60; count++) {
      const answer = await call('Invoke', { FunctionName: name, Qualifier: 'live' });
      const fields = JSON.parse(text(answer.Payload));
      assert.equal(fields.arn, `${arn}:${name}:live`);
      assert.equal(fields.version, answer.ExecutedVersion);
      seen[answer.ExecutedVersion]++;
    }
    // Half each: outside of 10 to 50 of 60 once in ten million runs.
    assert.ok(seen[1] >= 10 && seen[2] >= 10, JSON.stringify(seen));
    const moved = await call('UpdateAlias', {
      FunctionName: name,
      Name: 'live',
      FunctionVersion: '2',
      RoutingConfig: { AdditionalVersionWeights: {} },
    });
    assert.equal(moved.FunctionVersion, '2');
    assert.equal((await call('Invoke', { FunctionName: `${name}:live` })).ExecutedVersion, '2');
    const aliases = await call('ListAliases', { FunctionName: name });
    assert.deepEqual(
      aliases.Aliases.map((one) => one.Name),
      ['live'],
    );
    assert.equal((await call('DeleteAlias', { FunctionName: name, Name: 'live' })).$metadata.httpStatusCode, 204);
    await call('DeleteFunction', { FunctionName: name, Qualifier: '1' });
    await refused(
      call('Invoke', { FunctionName: name, Qualifier: '1' }),
      404,
      'ResourceNotFoundException',
      `Function not found: ${arn}:${name}:1`,
    );
  },

  async permissions(name) {
    await create(name);
    const added = await call('AddPermission', {
      FunctionName: name,
      StatementId: 's1',
      Action: 'lambda:InvokeFunction',
      Principal: 's3.amazonaws.com',
      SourceArn: 'arn:aws:s3:::bucket',
    });
    assert.equal(added.$metadata.httpStatusCode, 201);
    assert.deepEqual(JSON.parse(added.Statement), {
      Sid: 's1',
      Effect: 'Allow',
      Principal: { Service: 's3.amazonaws.com' },
      Action: 'lambda:InvokeFunction',
      Resource: `${arn}:${name}`,
      Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::bucket' } },
    });
    const policy = await call('GetPolicy', { FunctionName: name });
    const document = JSON.parse(policy.Policy);
    assert.deepEqual([document.Version, document.Id, document.Statement.length], ['2012-10-17', 'default', 1]);
    await refused(
      call('RemovePermission', {
        FunctionName: name,
        StatementId: 's1',
        RevisionId: 'd6f9ea77-7e3e-4a2b-a2c4-000000000000',
      }),
      412,
      'PreconditionFailedException',
      'The Revision Id provided does not match the latest Revision Id. ' +
        'Call the GetPolicy API to retrieve the latest Revision Id',
    );
    await call('RemovePermission', { FunctionName: name, StatementId: 's1', RevisionId: policy.RevisionId });
    await refused(
      call('GetPolicy', { FunctionName: name }),
      404,
      'ResourceNotFoundException',
      'The resource you requested does not exist.',
    );
  },

  async concurrency(name) {
    await create(name);
    await call('PutFunctionConcurrency', { FunctionName: name, ReservedConcurrentExecutions: 0 });
    const error = await refused(
      call('Invoke', { FunctionName: name }),
      429,
      'TooManyRequestsException',
      'Rate Exceeded.',
    );
    assert.deepEqual([error.Reason, error.Type], ['ReservedFunctionConcurrentInvocationLimitExceeded', 'User']);
    await call('PutFunctionConcurrency', { FunctionName: name, ReservedConcurrentExecutions: 2 });
    assert.equal((await call('GetFunctionConcurrency', { FunctionName: name })).ReservedConcurrentExecutions, 2);
    assert.equal((await call('Invoke', { FunctionName: name })).StatusCode, 200);
    await call('DeleteFunctionConcurrency', { FunctionName: name });
    assert.equal(
      (await call('GetFunctionConcurrency', { FunctionName: name })).ReservedConcurrentExecutions,
      undefined,
    );
    const account = await call('GetAccountSettings', {});
    assert.ok(account.AccountLimit.ConcurrentExecutions > 0 && account.AccountUsage.FunctionCount > 0);
    assert.equal(account.AccountLimit.CodeSizeUnzipped, 262144000);
  },

  async events(name) {
    await create(name);
    await create(`${name}-done`);
    const destination = `${arn}:${name}-done`;
    const put = await call('PutFunctionEventInvokeConfig', {
      FunctionName: name,
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnSuccess: { Destination: destination } },
    });
    assert.ok(Math.abs(Date.now() - put.LastModified.getTime()) < 60_000);
    const updated = await call('UpdateFunctionEventInvokeConfig', { FunctionName: name, MaximumEventAgeInSeconds: 90 });
    assert.deepEqual(
      [updated.FunctionArn, updated.MaximumRetryAttempts, updated.MaximumEventAgeInSeconds, updated.DestinationConfig],
      [`${arn}:${name}:$LATEST`, 0, 90, { OnSuccess: { Destination: destination }, OnFailure: {} }],
    );
    const got = await call('GetFunctionEventInvokeConfig', { FunctionName: name });
    assert.equal(got.MaximumEventAgeInSeconds, 90);
    const listed = await call('ListFunctionEventInvokeConfigs', { FunctionName: name, MaxItems: 50 });
    assert.equal(listed.FunctionEventInvokeConfigs.length, 1);
    await refused(
      call('PutFunctionEventInvokeConfig', {
        FunctionName: name,
        DestinationConfig: { OnFailure: { Destination: 'arn:aws:sns:us-east-1:000000000000:topic' } },
      }),
      400,
      'InvalidParameterValueException',
      "'arn:aws:sns:us-east-1:000000000000:topic' is a topic. Topics do not exist here yet: "
        + 'name a function or a queue.',
    );
    await call('DeleteFunctionEventInvokeConfig', { FunctionName: name });
    await refused(
      call('GetFunctionEventInvokeConfig', { FunctionName: name }),
      404,
      'ResourceNotFoundException',
      `The function ${arn}:${name}:$LATEST doesn't have an EventInvokeConfig`,
    );
  },

  async urls(name) {
    await create(name);
    const made = await call('CreateFunctionUrlConfig', {
      FunctionName: name,
      AuthType: 'NONE',
      Cors: { AllowOrigins: ['*'], MaxAge: 5 },
    });
    assert.deepEqual(
      [made.$metadata.httpStatusCode, made.AuthType, made.InvokeMode, made.Cors.MaxAge],
      [201, 'NONE', 'BUFFERED', 5],
    );
    assert.match(made.FunctionUrl, /^http:\/\/.*\/$/);
    await refused(
      call('CreateFunctionUrlConfig', { FunctionName: name, AuthType: 'NONE' }),
      409,
      'ResourceConflictException',
      `Failed to create function url config for [functionArn = ${arn}:${name}]. ` +
        'Error message:  FunctionUrlConfig exists for this Lambda function',
    );
    assert.equal(
      (await call('UpdateFunctionUrlConfig', { FunctionName: name, AuthType: 'AWS_IAM' })).AuthType,
      'AWS_IAM',
    );
    assert.equal((await call('GetFunctionUrlConfig', { FunctionName: name })).FunctionUrl, made.FunctionUrl);
    assert.equal((await call('ListFunctionUrlConfigs', { FunctionName: name })).FunctionUrlConfigs.length, 1);
    await call('DeleteFunctionUrlConfig', { FunctionName: name });
    await refused(
      call('GetFunctionUrlConfig', { FunctionName: name }),
      404,
      'ResourceNotFoundException',
      'The resource you requested does not exist.',
    );
  },

  async tags(name) {
    await create(name, 'index.hello', { Tags: { team: 'one' } });
    const resource = `${arn}:${name}`;
    assert.equal(
      (await call('TagResource', { Resource: resource, Tags: { colour: 'red', 'a b': 'c/d' } })).$metadata
        .httpStatusCode,
      204,
    );
    assert.deepEqual((await call('ListTags', { Resource: resource })).Tags, {
      team: 'one',
      colour: 'red',
      'a b': 'c/d',
    });
    await call('UntagResource', { Resource: resource, TagKeys: ['team', 'a b'] });
    assert.deepEqual((await call('GetFunction', { FunctionName: name })).Tags, { colour: 'red' });
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`tag${index}`, 'x']));
    await refused(
      call('TagResource', { Resource: resource, Tags: many }),
      400,
      'InvalidParameterValueException',
      'Number of tags exceeds resource tag limit.',
    );
  },

  async layers(name) {
    const published = await call('PublishLayerVersion', {
      LayerName: `${name}-layer`,
      Content: { ZipFile: zip('layer') },
      CompatibleRuntimes: ['nodejs20.x'],
    });
    assert.deepEqual([published.$metadata.httpStatusCode, published.Version], [201, 1]);
    assert.equal(
      (await call('PublishLayerVersion', { LayerName: `${name}-layer`, Content: { ZipFile: zip('layer') } })).Version,
      2,
    );
    await create(name, 'index.layered', { Layers: [published.LayerVersionArn] });
    assert.deepEqual(JSON.parse(text((await call('Invoke', { FunctionName: name })).Payload)), {
      file: 'words of a layer',
      module: 'imported',
    });
    await refused(
      call('UpdateFunctionConfiguration', {
        FunctionName: name,
        Layers: [1, 2].map((one) => published.LayerVersionArn.replace(/1$/, one)),
      }),
      400,
      'InvalidParameterValueException',
      'Two different versions of the same layer are not allowed to be referenced in the same function. ' +
        `${published.LayerVersionArn} and ${published.LayerVersionArn.replace(/1$/, '2')} ` +
        'are versions of the same layer.',
    );
    const listed = await call('ListLayerVersions', { LayerName: `${name}-layer` });
    assert.deepEqual(
      listed.LayerVersions.map((one) => one.Version),
      [2, 1],
    );
    assert.equal((await call('GetLayerVersionByArn', { Arn: published.LayerVersionArn })).Version, 1);
    await call('DeleteLayerVersion', { LayerName: `${name}-layer`, VersionNumber: 2 });
    assert.equal(
      (await call('ListLayers', {})).Layers.find((one) => one.LayerName === `${name}-layer`).LatestMatchingVersion
        .Version,
      1,
    );
    // A function keeps its layer when the layer's version is deleted.
    await call('DeleteLayerVersion', { LayerName: `${name}-layer`, VersionNumber: 1 });
    assert.equal((await call('Invoke', { FunctionName: name })).FunctionError, undefined);
  },

  async streaming(name) {
    await create(name, 'index.stream');
    const answer = await call('InvokeWithResponseStream', { FunctionName: name, Payload: '{}' });
    let body = '';
    let complete;
    for await (const event of answer.EventStream) {
      if (event.PayloadChunk) body += text(event.PayloadChunk.Payload);
      if (event.InvokeComplete) complete = event.InvokeComplete;
    }
    assert.equal(body, '0;1;2;3;4;');
    assert.equal(complete.ErrorCode, undefined);
  },

  async download(name) {
    await create(name);
    const location = (await call('GetFunction', { FunctionName: name })).Code.Location;
    const answer = await fetch(location);
    assert.equal(answer.status, 200, await (answer.ok ? '' : answer.text()));
    const file = `${work}/${name}-downloaded.zip`;
    (await import('node:fs')).writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
    const listed = execFileSync('/usr/bin/python3', ['-m', 'zipfile', '-l', file]).toString();
    assert.match(listed, /index\.mjs/);
    const tampered = new URL(location);
    for (const key of tampered.searchParams.keys())
      if (/signature/i.test(key)) tampered.searchParams.set(key, '0'.repeat(64));
    assert.equal((await fetch(tampered)).status, 403);
  },

  async identity() {
    const identity = await new STSClient(settings).send(new GetCallerIdentityCommand({}));
    assert.deepEqual([identity.Account, identity.Arn], ['000000000000', 'arn:aws:iam::000000000000:root']);
  },

  async credentials() {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
    const as = (credentials, more = {}) =>
      new sdk.LambdaClient({ ...settings, credentials, ...more }).send(new sdk.ListFunctionsCommand({}));
    await refused(
      as({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey }),
      403,
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
    const wrong = await refused(
      as({ accessKeyId, secretAccessKey: `${secretAccessKey}x` }),
      403,
      'InvalidSignatureException',
    );
    assert.match(wrong.message, /^The request signature we calculated does not match the signature you provided\./);
    const late = await refused(
      as({ accessKeyId, secretAccessKey }, { systemClockOffset: -3600_000 }),
      403,
      'InvalidSignatureException',
    );
    assert.match(late.message, /^Signature expired: /);
    const early = await refused(
      as({ accessKeyId, secretAccessKey }, { systemClockOffset: 3600_000 }),
      403,
      'InvalidSignatureException',
    );
    assert.match(early.message, /^Signature not yet current: /);
    await refused(
      as({ accessKeyId, secretAccessKey, sessionToken: 'no token of ours' }),
      403,
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
  },

  async errors(name) {
    await create(name);
    await call('PublishVersion', { FunctionName: name });
    await call('CreateAlias', { FunctionName: name, Name: 'live', FunctionVersion: '1' });
    await call('AddPermission', {
      FunctionName: name,
      StatementId: 's1',
      Action: 'lambda:InvokeFunction',
      Principal: 's3.amazonaws.com',
    });
    const layer = `arn:aws:lambda:us-east-1:000000000000:layer:${name}-none`;
    const fill = (value) =>
      value
        .replaceAll('{name}', name)
        .replaceAll('{arn}', arn)
        .replaceAll('{layer}', layer)
        .replaceAll('{4096}', 'x'.repeat(4096));
    const base = {
      FunctionName: `${name}-other`,
      Runtime: 'nodejs20.x',
      Handler: 'index.hello',
      Role: role,
      Code: { ZipFile: zip('node') },
    };
    const wrong = [];
    for (const row of JSON.parse(readFileSync(errorTable, 'utf8'))) {
      const input = { ...(row.base ? base : {}), ...JSON.parse(fill(JSON.stringify(row.input))) };
      if (typeof input.Code?.ZipFile === 'string') input.Code.ZipFile = Buffer.from(input.Code.ZipFile);
      const error = await call(row.operation, input).then(
        () => ({ name: 'no error', message: '' }),
        (failure) => failure,
      );
      const expected = fill(row.message ?? row.starts);
      const got = row.message !== undefined ? error.message : String(error.message).slice(0, expected.length);
      if (error.name !== row.code || error.$metadata?.httpStatusCode !== row.status || got !== expected) {
        wrong.push(
          `${row.operation} ${JSON.stringify(row.input).slice(0, 200)}\n` +
            `  expected ${row.status} ${row.code} ${expected}\n` +
            `  got      ${error.$metadata?.httpStatusCode} ${error.name} ${String(error.message).slice(0, 400)}`,
        );
      }
    }
    assert.equal(wrong.length, 0, `\n${wrong.join('\n')}`);
  },
};

await scenarios[scenario](`${prefix}-${scenario}`);
console.log(`passed ${scenario}`);
