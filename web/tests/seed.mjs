// What somebody who tries things out has made: a function that fails at times, a queue, schedules, alerts, executions.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const functions = join(dirname(fileURLToPath(import.meta.url)), 'functions');

/** Runs a verb that is meant to report a failure of the function. */
function expectFailure(run, ...words) {
  try {
    run(...words);
  } catch (failure) {
    if (failure.status === 8) return;
    throw failure;
  }
  throw new Error(`${words.join(' ')} did not fail`);
}

export function seedGreeter({ run }) {
  run('deploy', join(functions, 'greeter.mjs'), '--url');
  for (const name of ['Ada', 'Grace', 'Edsger']) run('invoke', 'greeter', '-d', JSON.stringify({ name }));
  expectFailure(run, 'invoke', 'greeter', '-d', JSON.stringify({ fail: 'Kurt' }));
  run('invoke', 'greeter', '--async', '-d', JSON.stringify({ name: 'Barbara' }));
}

export function seedQueue({ run }) {
  run('queue', 'create', 'orders');
  run('queue', 'send', 'orders', '--body', '{"order":17}');
  run('queue', 'create', 'greetings');
  run('queue', 'trigger', 'greetings', 'greeter');
  run('queue', 'pause', 'greetings', 'greeter');
  run('queue', 'send', 'greetings', '--body', '{"name":"Donald"}');
}

export function seedSchedule({ run }) {
  run(
    'schedule',
    'create',
    'every-morning',
    '--when',
    'cron(0 9 ? * MON-FRI *)',
    '--function',
    'greeter',
    '--zone',
    'Europe/Berlin',
    '--input',
    '{"name":"early bird"}',
    '--description',
    'Greets on working days',
  );
}

/** Markup and scripts that would run if anything took text for HTML, and a terminal code. */
export const payload = '<img src=x onerror="window.__xss=1"><script>window.__xss=2</script>\u001b[31mred';

export function seedHostile({ run, dataFolder }) {
  run('deploy', join(functions, 'hostile.mjs'), '--name', 'hostile', '--env', `TEXT=${payload}`);
  run('invoke', 'hostile', '-d', JSON.stringify({ payload }));
  expectFailure(run, 'invoke', 'hostile', '-d', JSON.stringify({ payload, fail: true }));
  run('invoke', 'hostile', '--async', '-d', JSON.stringify({ payload }));
  run('queue', 'create', 'hostile');
  run('queue', 'send', 'hostile', '--body', payload.replace('\u001b', ''));
  run(
    'schedule',
    'create',
    'hostile',
    '--when',
    'rate(1 days)',
    '--function',
    'hostile',
    '--input',
    JSON.stringify({ payload }),
    '--description',
    payload.replace('\u001b', ''),
  );
  const machine = join(dataFolder, 'hostile.asl.json');
  const state = '<img src=x onerror=window.__xss=3>';
  writeFileSync(
    machine,
    JSON.stringify({
      Comment: payload,
      StartAt: state,
      States: {
        [state]: { Type: 'Pass', Comment: payload, Result: { [payload]: payload }, Next: 'Broken' },
        Broken: { Type: 'Fail', Error: payload, Cause: payload },
      },
    }),
  );
  run('deploy', machine);
  expectFailure(
    run,
    'execution',
    'start',
    'hostile',
    '--name',
    'first',
    '--wait',
    '--input',
    JSON.stringify({ payload }),
  );
}

export function seedAlert({ run }) {
  run('alert', 'create', 'greeter-errors', '--metric', 'error-rate', '--target', 'greeter', '--above', '0.05');
}
