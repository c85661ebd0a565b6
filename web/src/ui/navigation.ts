import type { IconName } from './Icon';

export interface Place {
  label: string;
  href: string;
  icon: IconName;
  /** The second key after g that goes there. */
  key?: string;
}

/** The screens, in the order of the side bar. */
export const places: Array<{ title: string; places: Place[] }> = [
  {
    title: 'Run',
    places: [
      { label: 'Home', href: '/', icon: 'home', key: 'h' },
      { label: 'Functions', href: '/functions', icon: 'function', key: 'f' },
      { label: 'Invocations', href: '/invocations', icon: 'invocation', key: 'i' },
      { label: 'Events', href: '/events', icon: 'link', key: 'v' },
      { label: 'Queues', href: '/queues', icon: 'queue', key: 'q' },
      { label: 'Schedules', href: '/schedules', icon: 'schedule', key: 's' },
      { label: 'Workflows', href: '/machines', icon: 'workflow', key: 'w' },
      { label: 'Objects', href: '/objects', icon: 'object', key: 'o' },
    ],
  },
  {
    title: 'Observe',
    places: [
      { label: 'Errors', href: '/errors', icon: 'error', key: 'e' },
      { label: 'Logs', href: '/logs', icon: 'log', key: 'l' },
      { label: 'Traces', href: '/traces', icon: 'trace', key: 't' },
      { label: 'Metrics', href: '/explorer', icon: 'metric', key: 'm' },
      { label: 'Alerts', href: '/alerts', icon: 'alert', key: 'a' },
    ],
  },
  {
    title: 'Operate',
    places: [
      { label: 'Nodes and capacity', href: '/nodes', icon: 'node', key: 'n' },
      { label: 'Settings', href: '/settings', icon: 'settings', key: ',' },
    ],
  },
];
