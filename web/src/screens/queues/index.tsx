import { Page } from '../../ui/Page';

export default function Queues({ params }: { params: Record<string, string> }) {
  return <Page title="Queues"><p>{JSON.stringify(params)}</p></Page>;
}
