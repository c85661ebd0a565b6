import { Page } from '../../ui/Page';

export default function Errors({ params }: { params: Record<string, string> }) {
  return <Page title="Errors"><p>{JSON.stringify(params)}</p></Page>;
}
