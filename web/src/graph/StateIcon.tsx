import type { MachineState } from '../asl/document';
import { calledBy } from '../asl/words';

// Drawn with lines on 24 units, as the icons of the design system are; these are the language's own.
const shapes = {
  function: 'M13 3 5 14h6l-1 7 8-11h-6z',
  queue: 'M4 6h16M4 12h16M4 18h10',
  topic: 'M4 10v4h4l6 5V5l-6 5zM17.500 9a4 4 0 0 1 0 6',
  bus: 'M12 3v6M12 15v6M5 12h14M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  execution: 'M6 3h5v5H6zM13 16h5v5h-5zM8.5 8v4.5h7V16',
  http: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18',
  event: 'M6 17V11a6 6 0 1 1 12 0v6l2 2H4zM10 21h4',
  activity: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 21c0-5 4-7 8-7s8 2 8 7',
  other: 'M4 4h16v16H4zM9 9h6v6H9z',
  Pass: 'M4 12h14M13 6l6 6-6 6',
  Wait: 'M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
  Choice: 'M12 3l9 9-9 9-9-9zM12 8v5M12 16v.01',
  Parallel: 'M12 3v5M6 21v-7a3 3 0 0 1 3-3h6a3 3 0 0 1 3 3v7M12 8v13',
  Map: 'M4 7h10v10H4zM10 7V4h10v10h-6',
  Succeed: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12l3 3 5-6',
  Fail: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9 9l6 6M15 9l-6 6',
  unknown: 'M9 9a3 3 0 1 1 4.500 2.600c-1 .6-1.500 1.200-1.500 2.400M12 17.500v.01',
  schedule: 'M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z',
} as const;

export type StateIconName = keyof typeof shapes;

export function StateIcon({ name, size = 18 }: { name: StateIconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.8"
      strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      <path d={shapes[name]} />
    </svg>
  );
}

/** The icon of what a state does. */
export function iconOf(state: MachineState): StateIconName {
  if (state.type === 'Task') return calledBy(state).calls;
  return state.type in shapes ? state.type as StateIconName : 'unknown';
}

/** What kind of state it is, for its colour: work, flow, end. */
export function familyOf(state: MachineState): 'work' | 'flow' | 'choice' | 'good' | 'bad' | 'own' {
  switch (state.type) {
    case 'Task': return calledBy(state).calls === 'event' ? 'own' : 'work';
    case 'Choice': return 'choice';
    case 'Succeed': return 'good';
    case 'Fail': return 'bad';
    default: return 'flow';
  }
}
