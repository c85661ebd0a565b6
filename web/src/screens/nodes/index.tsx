import { Page } from '../../ui/Page';

export default function Nodes({ params }: { params: Record<string, string> }) {
  return <Page title="Nodes"><p>{JSON.stringify(params)}</p></Page>;
}
