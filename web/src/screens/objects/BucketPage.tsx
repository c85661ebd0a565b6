import { Page } from '../../ui/Page';

export default function BucketPage({ params }: { params: Record<string, string> }) {
  return <Page title="Objects"><p>{JSON.stringify(params)}</p></Page>;
}
