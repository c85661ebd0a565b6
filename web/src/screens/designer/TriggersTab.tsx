import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { machineArn, schedulesOf } from '../../api/machineEditing';
import { parseJson } from '../../asl/json';
import { StatusBadge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { CodeEditor } from '../../ui/CodeEditor';
import { CopyAs } from '../../ui/CopyAs';
import { ErrorBox } from '../../ui/ErrorBox';
import { Time } from '../../ui/Time';
import type { DraftTrigger } from './draft';
import type { DesignerState } from './useDesigner';

/** What starts the machine: schedules that are made when it is saved, and those that there are. */
export function TriggersTab({ designer, saved, onAdd }: { designer: DesignerState; saved: string | null; onAdd: () => void }) {
  const { triggers } = designer.settings;
  const existing = useQuery({
    queryKey: ['designer-schedules', saved], queryFn: ({ signal }) => schedulesOf(saved!, signal), enabled: saved !== null,
  });
  return (
    <div className="stack-large">
      <div className="row">
        <h2 className="grow">Schedules</h2>
        <Button icon="plus" onClick={onAdd}>Add a schedule</Button>
      </div>
      {triggers.map((trigger) => <TriggerForm key={trigger.id} designer={designer} trigger={trigger} />)}
      {existing.isError && <ErrorBox error={existing.error} retry={() => void existing.refetch()} />}
      {(existing.data ?? []).length > 0 && (
        <ul className="stack" aria-label="Schedules that start this machine">
          {existing.data!.map((schedule) => (
            <li key={`${schedule.group}/${schedule.name}`} className="designer-rule">
              <div className="row">
                <Link className="grow" href={`/schedules/${encodeURIComponent(schedule.group)}/${encodeURIComponent(schedule.name)}`}>
                  {schedule.name}
                </Link>
                <StatusBadge status={schedule.state} />
              </div>
              <p className="mono">{schedule.expression} {schedule.zone}</p>
              {schedule.next[0] && <p className="designer-hint">Next <Time at={schedule.next[0]} /></p>}
            </li>
          ))}
        </ul>
      )}
      {triggers.length === 0 && (existing.data ?? []).length === 0 && (
        <p className="soft">No schedule starts this machine. One that is added here is made when the machine is saved.</p>
      )}
      <section className="stack" aria-label="Other ways to start it">
        <h2>From a program</h2>
        <p className="soft">Anything that can sign a request may start it: a function, a script, an AWS SDK.</p>
        <CopyAs forms={{
          cli: `lambent execution start ${designer.settings.name || 'NAME'} --input '{}'`,
          request: {
            method: 'POST', path: '/', service: 'states',
            headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AWSStepFunctions.StartExecution' },
            body: { stateMachineArn: machineArn(designer.settings.name || 'NAME'), input: '{}' },
          },
        }} />
      </section>
    </div>
  );
}

/** A schedule that is not there yet. */
export function TriggerForm({ designer, trigger }: { designer: DesignerState; trigger: DraftTrigger }) {
  const { triggers } = designer.settings;
  const change = (part: Partial<DraftTrigger>): void => designer.setSettings({
    triggers: triggers.map((known) => (known.id === trigger.id ? { ...known, ...part } : known)),
  });
  const problem = triggerProblem(trigger);
  return (
    <fieldset className="designer-group stack" data-testid="trigger-form">
      <legend>New schedule</legend>
      <label>Name
        <input value={trigger.name} autoComplete="off" onChange={(event) => change({ name: event.target.value })} />
      </label>
      <label>Expression
        <input className="mono" value={trigger.expression} list="designer-expressions" placeholder="rate(5 minutes)" autoComplete="off"
          onChange={(event) => change({ expression: event.target.value })} />
        <datalist id="designer-expressions">
          {['rate(5 minutes)', 'rate(1 hour)', 'cron(0 9 ? * MON-FRI *)', '30 2 * * *', 'at(2030-12-31T23:59:59)']
            .map((example) => <option key={example} value={example} />)}
        </datalist>
      </label>
      <label>Time zone
        <input value={trigger.zone} placeholder="UTC" autoComplete="off" onChange={(event) => change({ zone: event.target.value })} />
      </label>
      <div className="designer-field">
        <span className="designer-label">Input</span>
        <CodeEditor label="Input of the schedule" language="json" value={trigger.input} minHeight={60}
          onChange={(input) => change({ input })} />
      </div>
      {problem !== null && <p className="designer-wrong">{problem}</p>}
      <div className="row">
        <Button icon="trash" onClick={() => designer.setSettings({ triggers: triggers.filter((known) => known.id !== trigger.id) })}>
          Remove
        </Button>
      </div>
    </fieldset>
  );
}

/** Why a schedule cannot be made so, or null; the expression itself is the server's to judge. */
export function triggerProblem(trigger: DraftTrigger): string | null {
  if (!/^[0-9A-Za-z-_.]{1,64}$/.test(trigger.name)) return 'A schedule has a name of letters, digits, -, _ and .';
  if (trigger.expression.trim() === '') return 'Say when: rate(5 minutes), or five fields of cron';
  return parseJson(trigger.input).problems.length > 0 ? 'The input is no JSON' : null;
}
