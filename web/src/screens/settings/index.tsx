import { Page } from '../../ui/Page';

export default function Settings({ params }: { params: Record<string, string> }) {
  return <Page title="Settings"><p>{JSON.stringify(params)}</p></Page>;
}
