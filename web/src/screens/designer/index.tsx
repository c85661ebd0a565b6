import { Page } from '../../ui/Page';

export default function Designer({ params }: { params: Record<string, string> }) {
  return <Page title="Designer"><p>{JSON.stringify(params)}</p></Page>;
}
