import { Page } from '../../ui/Page';

export default function FunctionPage({ params }: { params: Record<string, string> }) {
  return <Page title="Functions"><p>{JSON.stringify(params)}</p></Page>;
}
