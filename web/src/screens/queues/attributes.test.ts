import { describe, expect, it } from 'vitest';
import { changesOf, formOf, numberProblem } from './attributes';

const arn = 'arn:aws:sqs:us-east-1:000000000000:jobs';
const before = formOf({
  VisibilityTimeout: '30',
  RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":3}',
});

describe("a queue's settings", () => {
  it('names only what was changed', () => {
    expect(changesOf(before, before, arn)).toEqual({});
    expect(changesOf(before, { ...before, visibilityTimeout: '60' }, arn)).toEqual({ VisibilityTimeout: '60' });
  });

  it('writes a redrive policy whole, and none as empty', () => {
    expect(changesOf(before, { ...before, receiveCountMax: '9' }, arn)).toEqual({
      RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":9}',
    });
    expect(changesOf(before, { ...before, deadLetterQueue: '' }, arn)).toEqual({ RedrivePolicy: '' });
  });

  it.each([
    ['5', true],
    ['', false],
    ['-1', false],
    ['1.5', false],
    ['21', false],
  ])('number %s', (text, isGood) => expect(numberProblem(text, 0, 20) === null).toBe(isGood));
});
