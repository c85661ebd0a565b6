// Every screen with something to look at, by what a server holds.

/** The addresses of all screens; ids are those of the newest of each kind. */
export function screensOf({ run }) {
  const newest = (kind, list) => JSON.parse(run('ls', kind, '--json'))[list]?.[0];
  const invocation = newest('invocations', 'invocations');
  const trace = newest('traces', 'traces');
  const error = newest('errors', 'errors');
  const execution = newest('executions', 'executions');
  const event = newest('events', 'events');
  const schedule = newest('schedules', 'schedules');
  const queue = newest('queues', 'queues');
  const functions = JSON.parse(run('ls', '--json')).functions;
  const name = (functions.find((each) => each.name === 'greeter') ?? functions.at(-1)).name;
  const functionTabs = [
    'overview',
    'code',
    'test',
    'configuration',
    'triggers',
    'versions',
    'invocations',
    'logs',
    'errors',
  ];
  const screens = [
    ['home', '/'],
    ['functions', '/functions'],
    ['function-new', '/functions/new'],
    ...functionTabs.map((tab) => [`function-${tab}`, `/functions/${name}?tab=${tab}`]),
    ['invocations', '/invocations'],
    invocation && ['invocation', `/invocations/${invocation.id}`],
    ['events', '/events'],
    event && ['event', `/events/${event.id}`],
    ['queues', '/queues'],
    queue && ['queue', `/queues/${queue.name}`],
    ['schedules', '/schedules'],
    schedule && ['schedule', `/schedules/default/${schedule.name}`],
    ['machines', '/machines'],
    execution && ['machine', `/machines/${execution.machine}`],
    ['designer-new', '/machines/new'],
    execution && ['designer', `/machines/${execution.machine}/edit`],
    ['executions', '/executions'],
    execution && ['execution', `/executions/${execution.machine}/${execution.name}`],
    execution && ['execution-timeline', `/executions/${execution.machine}/${execution.name}?tab=timeline`],
    execution && ['execution-journal', `/executions/${execution.machine}/${execution.name}?tab=journal`],
    ['objects', '/objects'],
    ['errors', '/errors'],
    error && ['error', `/errors/${error.id}`],
    ['logs', '/logs'],
    ['traces', '/traces'],
    trace && ['trace', `/traces/${trace.traceId}`],
    ['metrics', '/explorer'],
    ['alerts', '/alerts'],
    ['alert', '/alerts/greeter-errors'],
    ['nodes', '/nodes'],
    ['settings', '/settings'],
  ];
  return screens.filter(Boolean);
}

/** Waits until a screen has what it shows: a heading, and nothing that is still being fetched. */
export async function settle(page) {
  await page.locator('main h1').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('main [aria-busy="true"], main .skeleton'), null, {
    timeout: 15_000,
  });
}
