import { Page } from '../../ui/Page';

export default function Events({ params }: { params: Record<string, string> }) {
  return <Page title="Events"><p>{JSON.stringify(params)}</p></Page>;
}
