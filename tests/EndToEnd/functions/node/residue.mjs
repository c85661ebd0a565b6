// Leaves behind everything a function can think of, and looks for what others have left behind.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';

const SECRET = 'residue-of-the-first-account';
const PORT = 18231;

const listen = (server, where) => new Promise((resolve, reject) => {
  server.once('error', reject);
  server.listen(where, resolve);
});

const answers = (where) => new Promise((resolve) => {
  const socket = net.connect(where, () => resolve(true));
  socket.once('error', () => resolve(false));
});

const attempt = (act) => {
  try {
    return act();
  } catch {
    return null;
  }
};

export const plant = async () => {
  const kinds = [];
  const planted = (kind, act) => {
    act();
    kinds.push(kind);
  };
  planted('temporary file', () => fs.writeFileSync('/tmp/residue', SECRET));
  planted('temporary folder', () => fs.mkdirSync('/tmp/residue-folder/deep', { recursive: true }));
  planted('shared memory', () => fs.writeFileSync('/dev/shm/residue', SECRET));
  planted('environment variable', () => { process.env.RESIDUE = SECRET; });
  planted('global', () => { globalThis.residue = SECRET; });
  planted('prototype', () => { Object.prototype.residue = SECRET; });
  planted('process', () => spawn('/bin/sh', ['-c', `while :; do sleep 1; done # ${SECRET}`], {
    detached: true, stdio: 'ignore',
  }).unref());
  planted('timer', () => setInterval(() => fs.writeFileSync('/tmp/residue-timer', SECRET), 20));
  await listen(net.createServer(), { host: '127.0.0.1', port: PORT });
  kinds.push('listening port');
  await listen(net.createServer(), '\0residue');
  kinds.push('abstract socket');
  await listen(net.createServer(), '/tmp/residue.sock');
  kinds.push('socket file');
  planted('open deleted file', () => {
    const descriptor = fs.openSync('/tmp/residue-deleted', 'w+');
    fs.writeSync(descriptor, SECRET);
    fs.unlinkSync('/tmp/residue-deleted');
  });
  planted('working folder', () => process.chdir('/tmp/residue-folder'));
  planted('priority', () => os.setPriority(5));
  process.stdout.write(SECRET);
  kinds.push('half a line of log');
  return kinds;
};

/** What the search finds where there is everything: otherwise finding nothing would mean nothing. */
export const plantAndLook = async () => {
  await plant();
  return look();
};

export const look = async () => {
  const found = [];
  const check = (kind, seen) => {
    if (seen) found.push(kind);
  };
  for (const name of fs.readdirSync('/tmp')) {
    // Where the program itself lies below /tmp, its shim is seen there.
    if (!process.argv[1].startsWith(`/tmp/${name}/`)) found.push(`temporary file ${name}`);
  }
  check('shared memory', fs.readdirSync('/dev/shm').length > 0);
  check('environment variable', JSON.stringify(process.env).includes(SECRET));
  check('global', 'residue' in globalThis);
  check('prototype', ({}).residue !== undefined);
  const commands = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    .map((name) => attempt(() => fs.readFileSync(`/proc/${name}/cmdline`, 'utf8')) ?? '');
  check('process', commands.some((command) => command.includes(SECRET)));
  check('listening port', await answers({ host: '127.0.0.1', port: PORT }));
  check('abstract socket', await answers({ path: '\0residue' }));
  check('socket file', await answers({ path: '/tmp/residue.sock' }));
  const descriptors = fs.readdirSync('/proc/self/fd')
    .map((name) => attempt(() => fs.readlinkSync(`/proc/self/fd/${name}`)));
  check('open deleted file', descriptors.some((path) => path?.includes('residue')));
  check('working folder', process.cwd() !== '/var/task');
  check('priority', os.getPriority() !== 0);
  return found;
};
