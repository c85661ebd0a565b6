import { Page } from '../../ui/Page';

export default function Metrics({ params }: { params: Record<string, string> }) {
  return <Page title="Metrics"><p>{JSON.stringify(params)}</p></Page>;
}
