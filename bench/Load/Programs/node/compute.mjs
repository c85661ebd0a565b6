// Computes, and says how long that took and which process did it.
import { randomUUID } from 'node:crypto';

const processId = randomUUID();

export const handler = async ({ rounds = 1 }) => {
  const usage = process.cpuUsage();
  const began = process.hrtime.bigint();
  let value = 1;
  for (let index = 0; index < rounds; index++) {
    value = (Math.imul(value, 1664525) + 1013904223) | 0;
  }

  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  const { user, system } = process.cpuUsage(usage);
  return { processId, value, seconds, processorSeconds: (user + system) / 1e6 };
};
