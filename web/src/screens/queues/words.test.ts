import { describe, expect, it } from 'vitest';
import { rate, sendForms } from './words';

const queue = { name: 'jobs', url: 'http://host/000000000000/jobs' };

describe('queues in words', () => {
  it.each([
    [0, '–'],
    [0.001, '< 0.01 /s'],
    [0.126, '0.13 /s'],
    [12, '12 /s'],
  ])('rate %d', (value, text) => expect(rate(value)).toBe(text));

  it('says a plain message with our verb and one with attributes with that of AWS', () => {
    expect(sendForms(queue, { body: "it's", attributes: [], priority: 3 }).cli).toBe(
      `lambent queue send jobs --body 'it'\\''s' --priority 3`,
    );
    const forms = sendForms(queue, {
      body: 'x',
      attributes: [{ name: 'n', type: 'Number', value: '1' }],
      delaySeconds: 5,
    });
    expect(forms.cli).toContain('aws sqs send-message');
    expect(forms.cli).toContain('--delay-seconds 5');
    expect(forms.request!.body).toEqual({
      QueueUrl: queue.url,
      MessageBody: 'x',
      DelaySeconds: 5,
      MessageAttributes: { n: { DataType: 'Number', StringValue: '1' } },
    });
  });
});
