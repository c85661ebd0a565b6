import { Page } from '../../ui/Page';

export default function Home({ params }: { params: Record<string, string> }) {
  return <Page title="Home"><p>{JSON.stringify(params)}</p></Page>;
}
