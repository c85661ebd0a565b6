import { Page } from '../../ui/Page';

export default function AlertPage({ params }: { params: Record<string, string> }) {
  return <Page title="Alerts"><p>{JSON.stringify(params)}</p></Page>;
}
