// Keeps its environment busy for 200 ms and says which process answered.
import { randomUUID } from 'node:crypto';

const processId = randomUUID();

export const handler = async () => {
  await new Promise((resolve) => setTimeout(resolve, 200));
  return { processId };
};
