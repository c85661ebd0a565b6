import { describe, expect, it } from 'vitest';
import { targetOfArn, targetOfLine } from './names';

describe('targets', () => {
  it('are known by their lines', () => {
    expect(targetOfLine('function/shop')).toEqual({ kind: 'function', name: 'shop', href: '/functions/shop' });
    expect(targetOfLine('queue/orders.fifo').href).toBe('/queues/orders.fifo');
    expect(targetOfLine('callback/hook')).toEqual({ kind: 'callback', name: 'hook' });
  });

  it('are known by their ARNs', () => {
    expect(targetOfArn('arn:aws:lambda:us-east-1:000000000000:function:shop:live')).toEqual({ kind: 'function', name: 'shop:live', href: '/functions/shop' });
    expect(targetOfArn('arn:aws:sqs:us-east-1:000000000000:orders').name).toBe('orders');
  });
});
