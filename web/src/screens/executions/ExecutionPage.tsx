import { Page } from '../../ui/Page';

export default function ExecutionPage({ params }: { params: Record<string, string> }) {
  return <Page title="Executions"><p>{JSON.stringify(params)}</p></Page>;
}
