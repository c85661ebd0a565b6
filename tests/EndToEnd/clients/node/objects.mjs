// Drives buckets and objects with the unmodified @aws-sdk: node objects.mjs SCENARIO BUCKET.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { randomBytes } from 'node:crypto';

const [scenario, Bucket] = process.argv.slice(2);
const require = createRequire(`${process.env.CLIENT_MODULES}/package.json`);
const sdk = require('@aws-sdk/client-s3');
const { Upload } = require('@aws-sdk/lib-storage');
const { getSignedUrl } = require('@aws-sdk/s3-request-presigner');
const s3 = new sdk.S3Client({ maxAttempts: 1 });
const call = (operation, input) => s3.send(new sdk[`${operation}Command`]({ Bucket, ...input }));

async function refused(promise, name, status) {
  const error = await promise.then(
    () => assert.fail(`${name} was expected`),
    (failure) => failure,
  );
  assert.equal(error.name, name, error.message);
  assert.equal(error.$metadata.httpStatusCode, status);
}

const scenarios = {
  async objects() {
    await call('CreateBucket');
    await refused(call('CreateBucket'), 'BucketAlreadyOwnedByYou', 409);
    const put = await call('PutObject', {
      Key: 'dir/hällo wörld.txt', Body: 'hello', ContentType: 'text/plain', Metadata: { colour: 'red' },
    });
    assert.equal(put.ETag, '"5d41402abc4b2a76b9719d911017c592"');
    const got = await call('GetObject', { Key: 'dir/hällo wörld.txt' });
    assert.equal(await got.Body.transformToString(), 'hello');
    assert.deepEqual([got.ContentType, got.Metadata], ['text/plain', { colour: 'red' }]);
    const ranged = await call('GetObject', { Key: 'dir/hällo wörld.txt', Range: 'bytes=1-2' });
    assert.equal(await ranged.Body.transformToString(), 'el');
    await call('CopyObject', { Key: 'copy', CopySource: encodeURI(`${Bucket}/dir/hällo wörld.txt`) });
    const head = await call('HeadObject', { Key: 'copy' });
    assert.equal(head.ContentLength, 5);
    const listed = await call('ListObjectsV2', { Delimiter: '/' });
    assert.deepEqual(listed.Contents.map((item) => item.Key), ['copy']);
    assert.deepEqual(listed.CommonPrefixes, [{ Prefix: 'dir/' }]);
    await refused(call('GetObject', { Key: 'none' }), 'NoSuchKey', 404);
    await refused(call('HeadObject', { Key: 'none' }), 'NotFound', 404);
    await refused(call('DeleteBucket'), 'BucketNotEmpty', 409);
    await refused(call('GetBucketAcl'), 'NotImplemented', 501);
    const deleted = await call('DeleteObjects', {
      Delete: { Objects: [{ Key: 'copy' }, { Key: 'dir/hällo wörld.txt' }] },
    });
    assert.equal(deleted.Deleted.length, 2);
    await call('DeleteBucket');
    await refused(call('ListObjectsV2'), 'NoSuchBucket', 404);
  },

  async uploads() {
    await call('CreateBucket');
    const body = randomBytes(12 * 1024 * 1024);
    await new Upload({ client: s3, params: { Bucket, Key: 'big', Body: body }, partSize: 5 * 1024 * 1024 }).done();
    const got = await call('GetObject', { Key: 'big' });
    assert.ok(body.equals(Buffer.from(await got.Body.transformToByteArray())));
    assert.match(got.ETag, /-3"$/);
  },

  async presigned() {
    await call('CreateBucket');
    const put = await getSignedUrl(s3, new sdk.PutObjectCommand({ Bucket, Key: 'k' }), { expiresIn: 60 });
    const written = await fetch(put, { method: 'PUT', body: 'presigned' });
    assert.equal(written.status, 200, await written.text());
    const get = await getSignedUrl(s3, new sdk.GetObjectCommand({ Bucket, Key: 'k' }), { expiresIn: 60 });
    assert.equal(await (await fetch(get)).text(), 'presigned');
    assert.equal((await fetch(get.replace('/k?', '/other?'))).status, 403);
  },
};

await scenarios[scenario]();
console.log(`passed ${scenario}`);
