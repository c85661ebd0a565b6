import { useQuery } from '@tanstack/react-query';
import { readMetrics, secondsOf, type MetricDefinition } from '../../api/metrics';
import { Chart } from '../../ui/Chart';
import { ErrorBox } from '../../ui/ErrorBox';
import { figure } from '../../ui/figure';
import { previewQuery, previewValues, unitOf } from './rules';

const chartPixels = 200;

interface AlertPreviewProps {
  rule: {
    metric: string;
    statistic?: string;
    target?: string;
    version?: string;
    window?: string;
    above?: number;
    below?: number;
  };
  catalog: MetricDefinition[];
}

/** The figure that the rule looks at, over the last day, with its threshold as a line. */
export function AlertPreview({ rule, catalog }: AlertPreviewProps) {
  const query = previewQuery(rule);
  const { data, error } = useQuery({
    queryKey: ['alert-preview', query],
    queryFn: ({ signal }) => readMetrics(query!, signal),
    enabled: query !== null,
    placeholderData: (before) => before,
    refetchInterval: 30_000,
  });
  if (!query) return <p className="soft">It is raised when an error is new or is back, and looks at no figure.</p>;
  if (error) return <ErrorBox error={error} />;
  const unit = unitOf(rule.metric, rule.statistic ?? '', catalog);
  const threshold = rule.above ?? rule.below;
  const values = data ? previewValues(data, rule.window ?? '5m') : [];
  const wrong =
    threshold === undefined
      ? 0
      : values.filter((value) => value !== null && (rule.below === undefined ? value > threshold : value < threshold))
          .length;
  return (
    <div className="stack alert-preview" style={{ minHeight: chartPixels + 24 }}>
      {data && (
        <>
          <Chart
            label={`${rule.metric} with its threshold`}
            times={secondsOf(data)}
            height={chartPixels}
            legend={false}
            threshold={threshold}
            format={(value) => figure(value, unit, data.currency)}
            series={[{ label: rule.metric, values, kind: 'area' }]}
          />
          <p className="faint">
            {values.every((value) => value === null)
              ? 'There was nothing to look at in this time.'
              : `${wrong} of ${values.filter((value) => value !== null).length} windows were ${rule.below === undefined ? 'above' : 'below'} ${figure(threshold, unit, data.currency)}.`}
          </p>
        </>
      )}
    </div>
  );
}
