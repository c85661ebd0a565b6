// Types of journal events in groups, for a filter. Pure; the names are those of the API.
export const groups: Record<string, { label: string; types: string[] }> = {
  failures: {
    label: 'Failures and retries',
    types: [
      'ExecutionFailed',
      'ExecutionTimedOut',
      'ExecutionAborted',
      'TaskSubmitFailed',
      'TaskFailed',
      'TaskTimedOut',
      'LambdaFunctionFailed',
      'LambdaFunctionTimedOut',
      'ActivityFailed',
      'ActivityTimedOut',
      'ParallelStateFailed',
      'MapStateFailed',
      'MapIterationFailed',
      'MapRunFailed',
      'EvaluationFailed',
      'RetryScheduled',
      'MapDataFailed',
      'ParallelBranchFailed',
    ],
  },
  states: {
    label: 'States',
    types: ['Task', 'Pass', 'Choice', 'Wait', 'Succeed', 'Fail', 'Parallel', 'Map']
      .flatMap((type) => [`${type}StateEntered`, ...(type === 'Fail' ? [] : [`${type}StateExited`])])
      .concat('TaskStateAborted', 'WaitStateAborted', 'ParallelStateAborted', 'MapStateAborted', 'StateSkipped'),
  },
  tasks: {
    label: 'Tasks',
    types: [
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSubmitFailed',
      'TaskSucceeded',
      'TaskFailed',
      'TaskTimedOut',
      'TaskHeartbeat',
      ...['LambdaFunction', 'Activity'].flatMap((kind) =>
        ['Scheduled', 'Started', 'Succeeded', 'Failed', 'TimedOut'].map((end) => kind + end),
      ),
    ],
  },
  maps: {
    label: 'Maps and branches',
    types: [
      'ParallelStateStarted',
      'ParallelStateSucceeded',
      'ParallelStateFailed',
      'MapStateStarted',
      'MapStateSucceeded',
      'MapStateFailed',
      'MapIterationStarted',
      'MapIterationSucceeded',
      'MapIterationFailed',
      'MapIterationAborted',
      'MapRunStarted',
      'MapRunSucceeded',
      'MapRunFailed',
      'MapRunAborted',
      'MapRunRedriven',
      'MapRunChanged',
      'MapDataScheduled',
      'MapDataSucceeded',
      'MapDataFailed',
      'ParallelBranchFailed',
    ],
  },
  execution: {
    label: 'The execution and its events',
    types: [
      'ExecutionStarted',
      'ExecutionSucceeded',
      'ExecutionFailed',
      'ExecutionTimedOut',
      'ExecutionAborted',
      'ExecutionRedriven',
      'ExecutionContinued',
      'ExecutionPaused',
      'ExecutionResumed',
      'EventReceived',
    ],
  },
};

export function toneOf(type: string): 'good' | 'bad' | 'warn' | 'info' | 'neutral' {
  if (/Failed$|TimedOut$/.test(type)) return 'bad';
  if (/Aborted$|Retry|Paused|Skipped|Redriven/.test(type)) return 'warn';
  if (/Succeeded$/.test(type)) return 'good';
  return /Started$|Scheduled$|Received$/.test(type) ? 'info' : 'neutral';
}
