import { Page } from '../../ui/Page';

export default function Traces({ params }: { params: Record<string, string> }) {
  return <Page title="Traces"><p>{JSON.stringify(params)}</p></Page>;
}
