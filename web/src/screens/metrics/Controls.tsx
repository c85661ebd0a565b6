import { useId, useState, type FormEvent } from 'react';
import { operatorAccount } from '../../api/status';
import { useSession } from '../../session/useSession';
import { Button, IconButton } from '../../ui/Button';
import { TimeRange } from '../../ui/TimeRange';
import { customId, customLabel, customOf, customPrefix, presets, type ExplorerState } from './explorer';
import { useCatalog, useCustomMetrics } from './useExplorer';

const statistics = ['sum', 'average', 'min', 'max', 'count', 'p50', 'p90', 'p95', 'p99', 'p99.9'];

interface ControlsProps {
  state: ExplorerState;
  change: (next: Partial<ExplorerState>) => void;
}

export function Presets({ change }: Pick<ControlsProps, 'change'>) {
  return (
    <div className="row explorer-presets" role="group" aria-label="Ready-made views">
      {presets.map((preset) => (
        <button
          key={preset.label}
          type="button"
          className="explorer-preset"
          onClick={() => change({ name: '', version: '', ...preset.state })}
        >
          {preset.label}
        </button>
      ))}
    </div>
  );
}

export function Controls({ state, change }: ControlsProps) {
  const catalog = useCatalog();
  const isOperator = useSession()?.account === operatorAccount;
  const namesId = useId();
  const groupsId = useId();
  const names = [...new Set(Object.values(catalog.data?.names ?? {}).flat())];
  return (
    <div className="stack explorer-controls">
      <div className="row">
        {state.metrics.map((metric) => (
          <span key={metric} className="explorer-chip mono">
            {labelOf(metric)}
            <IconButton
              label={`Without ${labelOf(metric)}`}
              icon="cross"
              disabled={state.metrics.length === 1}
              onClick={() => change({ metrics: state.metrics.filter((each) => each !== metric) })}
            />
          </span>
        ))}
        <AddMetric state={state} change={change} />
      </div>
      <div className="row">
        <input
          aria-label="Function, queue or workflow"
          list={namesId}
          placeholder="All functions, queues, workflows"
          value={state.name}
          spellCheck={false}
          className="explorer-name"
          onChange={(event) => change({ name: event.target.value })}
          data-search
        />
        <datalist id={namesId}>
          {names.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <input
          aria-label="Version"
          placeholder="All versions"
          value={state.version}
          className="explorer-short"
          spellCheck={false}
          onChange={(event) => change({ version: event.target.value })}
        />
        <input
          aria-label="Group by"
          list={groupsId}
          placeholder="Not grouped"
          value={state.groupBy}
          className="explorer-short"
          spellCheck={false}
          title="function, version, alias, queue, machine, account, or tag:NAME"
          onChange={(event) => change({ groupBy: event.target.value })}
        />
        <datalist id={groupsId}>
          {['function', 'version', 'alias', 'tag:team', 'queue', 'machine', 'account'].map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        {state.since ? (
          <span className="explorer-chip">
            {new Date(state.since).toLocaleString()} to {state.until ? new Date(state.until).toLocaleString() : 'now'}
            <IconButton label="Back to the whole time" icon="cross" onClick={() => change({ since: '', until: '' })} />
          </span>
        ) : (
          <TimeRange range={state.range} setRange={(range) => change({ range })} />
        )}
        <Check label="Compare with before" checked={state.compare} set={(compare) => change({ compare })} />
        {isOperator && (
          <Check label="All accounts" checked={state.allAccounts} set={(allAccounts) => change({ allAccounts })} />
        )}
      </div>
    </div>
  );
}

function Check({ label, checked, set }: { label: string; checked: boolean; set: (checked: boolean) => void }) {
  return (
    <label className="explorer-check">
      <input type="checkbox" checked={checked} onChange={(event) => set(event.target.checked)} /> {label}
    </label>
  );
}

function AddMetric({ state, change }: ControlsProps) {
  const catalog = useCatalog();
  const custom = useCustomMetrics();
  const [metric, setMetric] = useState('');
  const [statistic, setStatistic] = useState('');
  const known = catalog.data?.metrics ?? [];
  const add = (event: FormEvent) => {
    event.preventDefault();
    const usual = known.find((each) => each.name === metric)?.statistic ?? 'average';
    const chosen = statistic || usual;
    const id = metric.startsWith(customPrefix)
      ? `${customPrefix}${cloudWatchName(chosen)}|${metric.slice(customPrefix.length)}`
      : `${metric}:${chosen}`;
    if (metric && !state.metrics.includes(id)) change({ metrics: [...state.metrics, id] });
    setMetric('');
  };
  return (
    <form className="row explorer-add" onSubmit={add}>
      <select aria-label="Metric to add" value={metric} onChange={(event) => setMetric(event.target.value)}>
        <option value="">Add a metric …</option>
        {(['function', 'queue', 'state-machine'] as const).map((kind) => (
          <optgroup key={kind} label={kind === 'state-machine' ? 'workflows' : `${kind}s`}>
            {known
              .filter((each) => each.kind === kind)
              .map((each) => (
                <option key={each.name} value={each.name} title={each.about}>
                  {each.name} – {each.about.toLowerCase()}
                </option>
              ))}
          </optgroup>
        ))}
        {(custom.data ?? []).length > 0 && (
          <optgroup label="put by programs">
            {custom.data!.map((each) => (
              <option key={customId(each)} value={customId(each)}>
                {customLabel(each)}
              </option>
            ))}
          </optgroup>
        )}
      </select>
      {metric && (
        <>
          <select aria-label="Statistic" value={statistic} onChange={(event) => setStatistic(event.target.value)}>
            <option value="">usual</option>
            {statistics.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
          <Button type="submit" icon="plus">
            Add
          </Button>
        </>
      )}
    </form>
  );
}

function cloudWatchName(statistic: string): string {
  const names: Record<string, string> = {
    sum: 'Sum',
    average: 'Average',
    min: 'Minimum',
    max: 'Maximum',
    count: 'SampleCount',
  };
  return names[statistic] ?? statistic;
}

export function labelOf(metric: string): string {
  if (!metric.startsWith(customPrefix)) return metric.replace(':', ' ');
  const [statistic, ...rest] = metric.slice(customPrefix.length).split('|');
  const parsed = customOf(customPrefix + rest.join('|'));
  return parsed ? `${customLabel(parsed)} ${statistic}` : metric;
}
