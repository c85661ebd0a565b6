import { Page } from '../../ui/Page';

export default function Alerts({ params }: { params: Record<string, string> }) {
  return <Page title="Alerts"><p>{JSON.stringify(params)}</p></Page>;
}
