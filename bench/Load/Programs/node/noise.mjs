// Is busy for as long as it is told, with lines of a kilobyte or without.
const line = 'x'.repeat(1000) + '\n';
export const handler = async ({ milliseconds, writes }) => {
  const end = Date.now() + milliseconds;
  let lines = 0;
  while (Date.now() < end) {
    if (writes) {
      for (let count = 0; count < 64; count++) process.stdout.write(line);
      lines += 64;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return lines;
};
