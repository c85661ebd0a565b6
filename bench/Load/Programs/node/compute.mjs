// Computes, and says how long that took and which process did it.
import { randomUUID } from 'node:crypto';

const processId = randomUUID();

export const handler = async ({ rounds = 1 }) => {
  const began = process.hrtime.bigint();
  let value = 1;
  for (let index = 0; index < rounds; index++) {
    value = (Math.imul(value, 1664525) + 1013904223) | 0;
  }

  return { processId, value, seconds: Number(process.hrtime.bigint() - began) / 1e9 };
};
