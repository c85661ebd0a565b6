import { describe, expect, it } from 'vitest';
import type { Row } from '../../api/executions';
import { reasonOf, stateOf } from './reasons';

const row: Row = {
  number: 0,
  state: 'A',
  type: 'Task',
  branch: 0,
  depth: 0,
  enteredAt: '2026-11-22T10:00:00Z',
  enteredBy: 2,
  status: 'running',
  attempts: [{ task: 3, scheduledAt: '2026-11-22T10:00:00Z', outcome: 'running' }],
};
const facts = { row, isPaused: false, openBelow: 0 };

describe('why a state waits', () => {
  it.each([
    ['arn:aws:states:::lambent:waitForEvent', { Name: 'approved' }, 'It waits for the event “approved”.'],
    [
      'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      {},
      'It waits for its callback: SendTaskSuccess or SendTaskFailure with its token.',
    ],
    ['arn:aws:states:us-east-1:0:activity:approvals', {}, 'No worker of the activity approvals has taken it yet.'],
    ['arn:aws:lambda:us-east-1:0:function:bank', {}, 'The call of the function bank waits to be begun.'],
    [
      'arn:aws:states:::states:startExecution.sync',
      { StateMachineArn: 'arn:aws:states:us-east-1:0:stateMachine:child' },
      'It waits for the execution of child to end.',
    ],
  ])('%s', (resource, input, text) => {
    const task = { sequence: 3, at: '', type: 'TaskScheduled', branch: 0, input, until: '2026-11-22T12:00:00Z' };
    expect(reasonOf({ ...facts, state: { Resource: resource }, task })).toEqual({
      text,
      at: task.until,
      then: 'times out',
    });
  });

  it('says when a retry and a wait go on, and nothing of what is over', () => {
    const failed = { ...row.attempts[0]!, outcome: 'failed' as const, error: 'Busy', retryAt: '2026-11-22T10:01:00Z' };
    expect(reasonOf({ ...facts, row: { ...row, status: 'retrying', attempts: [failed] }, isPaused: true })).toEqual({
      text: 'Attempt 1 failed with Busy. The execution is paused: nothing new begins.',
      at: failed.retryAt,
      then: 'is tried again',
    });
    expect(reasonOf({ ...facts, row: { ...row, exitedAt: row.enteredAt } })).toBeNull();
  });

  it('finds a state in what is inside of others', () => {
    const definition = {
      States: { P: { Branches: [{ States: { M: { ItemProcessor: { States: { X: { Type: 'Pass' } } } } } }] } },
    };
    expect(stateOf(definition, 'X')).toEqual({ Type: 'Pass' });
    expect(stateOf(definition, 'toString')).toBeUndefined();
  });
});
