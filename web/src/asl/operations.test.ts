import { describe, expect, it } from 'vitest';
import { begin, record, redo, undo } from './history';
import { hintsOf } from './hints';
import { locate } from './locations';
import { addBranch, addState, moveState, nameProblem, removeState, setField, setStartAt } from './operations';
import { connect, disconnect, opened, setNext } from './references';
import { ACTION_KINDS, EMPTY_DEFINITION } from './templates';
import { edgeWords, ruleWords, subtitleOf } from './words';

const kind = (id: string) => ACTION_KINDS.find((known) => known.id === id)!;

const SHOP = `{
  "StartAt": "Pay",
  "States": {
    "Pay": {
      "Type": "Task",
      "Resource": "arn:aws:lambda:us-east-1:000000000000:function:pay",
      "TimeoutSeconds": 1e1,
      "Catch": [
        {"ErrorEquals": ["States.ALL"], "Next": "Sorry"}
      ],
      "Next": "Large"
    },
    "Large": {
      "Type": "Choice",
      "Choices": [
        {"Variable": "$.total", "NumericGreaterThan": 100.0, "Next": "Both"}
      ],
      "Default": "Done"
    },
    "Both": {
      "Type": "Parallel",
      "Branches": [
        {
          "StartAt": "Left",
          "States": {
            "Left": {
              "Type": "Pass",
              "End": true
            }
          }
        }
      ],
      "Next": "Done"
    },
    "Done": {
      "Type": "Succeed"
    },
    "Sorry": {
      "Type": "Fail"
    }
  }
}
`;

describe('operations', () => {
  it('remove a state and close the ways over it', () => {
    const states = opened(removeState(SHOP, '/States/Large').text).states;
    expect(states.get('/States/Pay')!.fields.Next).toBe('Done');
  });

  it('take catchers and rules away with the state that they lead to when nothing follows it', () => {
    const states = opened(removeState(removeState(SHOP, '/States/Sorry').text, '/States/Done').text).states;
    expect(states.get('/States/Pay')!.fields).not.toHaveProperty('Catch');
    expect(states.get('/States/Large')!.fields).not.toHaveProperty('Default');
    expect(states.get('/States/Both')!.fields).toMatchObject({ End: true });
  });

  it('connect and disconnect, and come back to the same text', () => {
    const connected = connect(SHOP, '/States/Both', 'Sorry', 'next');
    expect(opened(connected).states.get('/States/Both')!.fields.Next).toBe('Sorry');
    expect(connect(connected, '/States/Both', 'Done', 'next')).toBe(SHOP);
    const caught = connect(SHOP, '/States/Both', 'Sorry', 'catch');
    expect(disconnect(caught, '/States/Both/Catch[0]/Next')).toBe(SHOP);
    const ruled = connect(SHOP, '/States/Large', 'Sorry', 'choice');
    expect(disconnect(ruled, '/States/Large/Choices[1]/Next')).toBe(SHOP);
    expect(setNext(setNext(SHOP, '/States/Both', null), '/States/Both', 'Done')).toBe(SHOP);
  });

  it('move a state into a branch and out of it', () => {
    const inside = moveState(SHOP, '/States/Pay', '/States/Both/Branches[0]');
    const document = opened(inside.text);
    expect(document.scope.startAt).toBe('Large');
    expect(document.states.get('/States/Both/Branches[0]/States/Left')!.fields.Next).toBe('Pay');
    expect(document.states.get(inside.id!)!.fields).toMatchObject({ End: true, TimeoutSeconds: 10 });
    expect(inside.text).toContain('"TimeoutSeconds": 1e1');
    const outside = moveState(inside.text, inside.id!, '');
    expect(opened(outside.text).states.get('/States/Pay')?.scope).toBe('');
    expect(moveState(SHOP, '/States/Both', '/States/Both/Branches[0]').text).toBe(SHOP);
  });

  it('add branches with names of their own', () => {
    const added = addBranch(SHOP, '/States/Both');
    expect(opened(added.text).states.get(added.id!)).toMatchObject({ name: 'Branch 2', type: 'Pass' });
  });

  it('set and remove fields before the way on', () => {
    const set = setField(SHOP, ['States', 'Pay', 'ResultPath'], '"$.paid"');
    expect(set).toContain('      ],\n      "ResultPath": "$.paid",\n      "Next": "Large"');
    expect(setField(set, ['States', 'Pay', 'ResultPath'], null)).toBe(SHOP);
    expect(setField(SHOP, ['States', 'Pay', 'TimeoutSeconds'], '1e1')).toBe(SHOP);
    expect(setField(SHOP, ['Comment'], '"A shop"')).toContain('"Comment": "A shop"');
    expect(opened(setStartAt(SHOP, '', 'Done')).scope.start).toBe('/States/Done');
  });

  it('build a machine from nothing', () => {
    let { text, id } = addState(EMPTY_DEFINITION, kind('choice'), { after: '/States/First' });
    ({ text, id } = addState(text, kind('function'), { after: id! }));
    ({ text, id } = addState(text, kind('fail'), { after: id! }));
    text = connect(text, '/States/Choose', 'Failed', 'choice');
    text = removeState(text, '/States/First').text;
    expect(opened(text).scope.startAt).toBe('Choose');
    expect([...opened(text).states.keys()]).toEqual(['/States/Choose', '/States/Call function', '/States/Failed']);
  });

  it('say why a name cannot be', () => {
    const document = opened(SHOP);
    expect(nameProblem(document, '/States/Pay', 'Left')).toContain('unique');
    expect(nameProblem(document, '/States/Pay', ' ')).not.toBeNull();
    expect(nameProblem(document, '/States/Pay', 'Pay')).toBeNull();
  });
});

describe('diagnostics', () => {
  const at = (location: string) =>
    locate(opened(SHOP), [{ severity: 'ERROR', code: 'X', message: 'm', location }])[0]!;

  it('are found at their state and field', () => {
    expect(at('/States/Pay/Catch[0]')).toMatchObject({ state: '/States/Pay', field: 'Catch[0]', line: 9 });
    expect(at('/States/Both/Branches[0]/States/Left/Next'))
      .toMatchObject({ state: '/States/Both/Branches[0]/States/Left', field: 'Next' });
    expect(at('/States/Both/Branches[0]')).toMatchObject({ state: '/States/Both', field: 'Branches[0]' });
    expect(at('/StartAt')).toMatchObject({ state: null, field: 'StartAt', line: 2 });
    expect(at('/States/Nobody/Next')).toMatchObject({ state: null });
    expect(at('')).toMatchObject({ state: null, field: '', length: 1 });
  });
});

describe('hints', () => {
  it('tell what was not chosen yet', () => {
    const { text, id } = addState(EMPTY_DEFINITION, kind('function'), { after: '/States/First' });
    expect(hintsOf(opened(text))).toMatchObject([{ location: `${id}/Arguments/FunctionName` }]);
    expect(hintsOf(opened(setField(text, ['States', 'Call function', 'Arguments', 'FunctionName'], '"pay"')))).toEqual([]);
    expect(hintsOf(opened(addState(EMPTY_DEFINITION, kind('execution'), { scope: '' }).text)).length).toBe(1);
    expect(hintsOf(opened(SHOP))).toEqual([]);
  });
});

describe('words', () => {
  const states = opened(SHOP).states;
  it('say what states do', () => {
    expect(subtitleOf(states.get('/States/Pay')!)).toBe('function pay');
    expect(subtitleOf(states.get('/States/Large')!)).toBe('1 condition');
  });

  it('say when a way is taken', () => {
    const large = states.get('/States/Large')!;
    expect(large.edges.map((edge) => edgeWords(edge, large))).toEqual(['$.total > 100', 'otherwise']);
    expect(ruleWords({ And: [{ Variable: '$.a', IsPresent: true }, { Not: { Variable: '$.b', StringEquals: 'x' } }] }))
      .toBe('$.a is there and not ($.b = "x")');
    expect(ruleWords({ Variable: '$.a', NumericLessThanEqualsPath: '$.b' })).toBe('$.a ≤ $.b');
    expect(ruleWords({ Condition: '{% $states.input.n > 3 %}' })).toBe('$states.input.n > 3');
    expect(ruleWords(7)).toBe('no condition yet');
  });
});

describe('history', () => {
  it('goes back and forth, and takes typing as one step', () => {
    let history = begin('a');
    history = record(history, { text: 'b', selected: null }, 'field');
    history = record(history, { text: 'c', selected: null }, 'field');
    history = record(history, { text: 'd', selected: 'x' });
    expect(undo(history).now.text).toBe('c');
    expect(undo(undo(history)).now.text).toBe('a');
    expect(redo(undo(undo(history))).now.text).toBe('c');
    expect(undo(undo(undo(history))).now.text).toBe('a');
    expect(redo(history)).toBe(history);
  });
});
