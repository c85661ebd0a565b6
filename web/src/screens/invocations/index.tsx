import { Page } from '../../ui/Page';

export default function Invocations({ params }: { params: Record<string, string> }) {
  return <Page title="Invocations"><p>{JSON.stringify(params)}</p></Page>;
}
