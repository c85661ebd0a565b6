import { Page } from '../../ui/Page';

export default function NewFunction({ params }: { params: Record<string, string> }) {
  return <Page title="Functions"><p>{JSON.stringify(params)}</p></Page>;
}
