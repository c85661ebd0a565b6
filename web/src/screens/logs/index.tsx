import { Page } from '../../ui/Page';

export default function Logs({ params }: { params: Record<string, string> }) {
  return <Page title="Logs"><p>{JSON.stringify(params)}</p></Page>;
}
