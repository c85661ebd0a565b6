// Holds as much memory as it is told, in pages that exist.
const held = [];

export const handler = async ({ megabytes = 0 }) => {
  for (let index = 0; index < megabytes; index++) held.push(Buffer.alloc(1024 * 1024, 1));
  return { megabytes: held.length, pid: process.pid };
};
