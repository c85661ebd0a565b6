import { Page } from '../../ui/Page';

export default function ErrorPage({ params }: { params: Record<string, string> }) {
  return <Page title="Errors"><p>{JSON.stringify(params)}</p></Page>;
}
