import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import { errorGroupsMetric, outboundWebhooks, putAlert, type Alert } from '../../api/alerts';
import { readCatalog, type MetricCatalog } from '../../api/metrics';
import { Button } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { Dialog } from '../../ui/Dialog';
import { ErrorBox } from '../../ui/ErrorBox';
import { toast } from '../../ui/Toasts';
import { AlertPreview } from './AlertPreview';
import { createCommand, emptyForm, formOf, kinds, requestOf, typedUnit, type RuleForm } from './rules';

export function useMetricCatalog() {
  return useQuery({
    queryKey: ['metrics', 'catalog'],
    queryFn: ({ signal }) => readCatalog(signal),
    staleTime: 30_000,
  });
}

/** Makes an alert, or changes one. What it would have looked at is drawn while one types. */
export function AlertForm({ alert, onClose }: { alert?: Alert; onClose: () => void }) {
  const catalog = useMetricCatalog();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const formId = useId();
  const metrics = catalog.data?.metrics ?? [];
  const [form, setForm] = useState<RuleForm>(() => (alert ? formOf(alert, metrics) : emptyForm()));
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const set = (next: Partial<RuleForm>) => setForm((before) => ({ ...before, ...next }));
  const request = requestOf(form, metrics);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await putAlert(form.name, request);
      await queries.invalidateQueries({ queryKey: ['alerts'] });
      toast(alert ? `${form.name} is changed` : `${form.name} is looked at from now on`);
      onClose();
      navigate(`/alerts/${encodeURIComponent(form.name)}`);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={alert ? `Change ${alert.name}` : 'New alert'}
      footer={
        <>
          <CopyAs
            forms={{
              cli: createCommand(form, metrics, shellQuote),
              request: { method: 'PUT', path: `/v1/alerts/${encodeURIComponent(form.name || 'NAME')}`, body: request },
            }}
          />
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={formId} busy={busy}>
            {alert ? 'Save' : 'Create'}
          </Button>
        </>
      }
    >
      <form id={formId} className="stack" onSubmit={(event) => void save(event)}>
        <div className="alert-kinds" role="radiogroup" aria-label="What to look at">
          {kinds.map((kind) => (
            <label key={kind.id} className={form.kind === kind.id ? 'alert-kind alert-kind-chosen' : 'alert-kind'}>
              <input
                type="radio"
                name="kind"
                className="visually-hidden"
                checked={form.kind === kind.id}
                onChange={() => set({ kind: kind.id, ...kind.form })}
              />
              <strong>{kind.label}</strong>
              <span className="faint">{kind.about}</span>
            </label>
          ))}
        </div>
        <RuleFields form={form} set={set} catalog={catalog.data} isNew={!alert} />
        {error !== null && <ErrorBox error={error} />}
        <AlertPreview rule={request} catalog={metrics} />
      </form>
    </Dialog>
  );
}

function RuleFields({
  form,
  set,
  catalog,
  isNew,
}: {
  form: RuleForm;
  set: (next: Partial<RuleForm>) => void;
  catalog?: MetricCatalog;
  isNew: boolean;
}) {
  const metrics = catalog?.metrics ?? [];
  const kind = metrics.find((each) => each.name === form.metric)?.kind ?? 'function';
  const namesId = useId();
  const isRaised = form.metric === errorGroupsMetric;
  return (
    <div className="alert-fields">
      <Field label="Name">
        <input
          required
          value={form.name}
          readOnly={!isNew}
          pattern="[A-Za-z0-9_.\-]{1,64}"
          title="Letters, digits, - _ ."
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => set({ name: event.target.value })}
        />
      </Field>
      {form.kind === 'other' && (
        <Field label="Metric">
          <select value={form.metric} onChange={(event) => set({ metric: event.target.value, statistic: '' })}>
            {metrics.map((metric) => (
              <option key={metric.name} value={metric.name} title={metric.about}>
                {metric.name}
              </option>
            ))}
          </select>
        </Field>
      )}
      <Field label={kind === 'function' ? 'Function' : kind === 'queue' ? 'Queue' : 'Workflow'}>
        <input
          value={form.target}
          list={namesId}
          placeholder="All together"
          spellCheck={false}
          onChange={(event) => set({ target: event.target.value })}
        />
        <datalist id={namesId}>
          {(catalog?.names[kind] ?? []).map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </Field>
      {!isRaised && (
        <>
          {(form.metric === 'duration' || form.kind === 'other') && (
            <Field label="Statistic">
              <select value={form.statistic} onChange={(event) => set({ statistic: event.target.value })}>
                <option value="">usual</option>
                {['average', 'sum', 'min', 'max', 'count', 'p50', 'p90', 'p95', 'p99', 'p99.9'].map((each) => (
                  <option key={each}>{each}</option>
                ))}
              </select>
            </Field>
          )}
          <Field label={`Wrong when ${typedUnit(form.metric, metrics) ? `(${typedUnit(form.metric, metrics)})` : ''}`}>
            <span className="row alert-threshold">
              <select
                aria-label="Side"
                value={form.comparison}
                onChange={(event) => set({ comparison: event.target.value as 'above' })}
              >
                <option value="above">above</option>
                <option value="below">below</option>
              </select>
              <input
                required
                inputMode="decimal"
                pattern="-?[0-9]+(\.[0-9]+)?"
                title="A number"
                aria-label="Threshold"
                value={form.threshold}
                onChange={(event) => set({ threshold: event.target.value })}
              />
            </span>
          </Field>
          <Field label="Looking back">
            {form.metric === 'cost' ? (
              <select value={form.window} onChange={(event) => set({ window: event.target.value })}>
                <option value="day">this day, UTC</option>
                <option value="month">this month, UTC</option>
                <option value="1h">an hour</option>
              </select>
            ) : (
              <input
                required
                value={form.window}
                pattern="[0-9]+[smhd]"
                title="A length such as 5m, 1h, 1d"
                onChange={(event) => set({ window: event.target.value })}
              />
            )}
          </Field>
          <Field label="For at least">
            <input
              value={form.lasting}
              pattern="[0-9]+[smhd]"
              title="A length such as 0m, 3m"
              onChange={(event) => set({ lasting: event.target.value })}
            />
          </Field>
          <Field label="Values needed">
            <input
              type="number"
              min="1"
              value={form.samples}
              onChange={(event) => set({ samples: event.target.value })}
            />
          </Field>
          <Field label="When there are none">
            <select value={form.noData} onChange={(event) => set({ noData: event.target.value as 'ok' })}>
              <option value="no-data">say nothing</option>
              <option value="ok">all is well</option>
              <option value="alert">that is wrong</option>
            </select>
          </Field>
        </>
      )}
      <Channels form={form} set={set} />
    </div>
  );
}

/** Who is told. Nobody named: the outbound webhooks that want alerts. */
function Channels({ form, set }: { form: RuleForm; set: (next: Partial<RuleForm>) => void }) {
  const { data } = useQuery({ queryKey: ['webhooks', 'out'], queryFn: ({ signal }) => outboundWebhooks(signal) });
  const names = [...new Set([...(data ?? []).map((each) => each.name), ...form.webhooks])];
  return (
    <>
      <fieldset className="alert-channels">
        <legend>Webhooks that are called</legend>
        {names.length === 0 && (
          <p className="faint">
            None yet. <code>lambent webhook create ops --url https://… --on 'alert.*'</code>
          </p>
        )}
        {names.map((name) => (
          <label key={name} className="row">
            <input
              type="checkbox"
              checked={form.webhooks.includes(name)}
              onChange={(event) =>
                set({
                  webhooks: event.target.checked
                    ? [...form.webhooks, name]
                    : form.webhooks.filter((each) => each !== name),
                })
              }
            />
            {name} <span className="faint ellipsis">{data?.find((each) => each.name === name)?.url}</span>
          </label>
        ))}
        {names.length > 0 && form.webhooks.length === 0 && (
          <p className="faint">
            None chosen: those that want <code>alert.*</code>.
          </p>
        )}
      </fieldset>
      <Field label="E-mail to">
        <input
          value={form.emails}
          placeholder="ops@example.org"
          spellCheck={false}
          onChange={(event) => set({ emails: event.target.value })}
        />
        <span className="faint">
          Needs a mail server: <Link href="/settings?tab=server">settings</Link>
        </span>
      </Field>
    </>
  );
}

function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    <label className="alert-field">
      <span>{label}</span>
      {children}
    </label>
  );
}
