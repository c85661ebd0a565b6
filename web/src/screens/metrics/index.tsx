import { Page } from '../../ui/Page';
import { Tabs } from '../../ui/Tabs';
import { CostTab } from './CostTab';
import { Explore } from './Explore';
import './metrics.css';

export default function Metrics() {
  return (
    <Page title="Metrics" intro="Every call is counted by the minute; nothing is sampled.">
      <Tabs
        label="Metrics"
        tabs={[
          { id: 'explore', label: 'Explore', content: () => <Explore /> },
          { id: 'cost', label: 'Cost', content: () => <CostTab /> },
        ]}
      />
    </Page>
  );
}
