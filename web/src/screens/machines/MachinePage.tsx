import { Page } from '../../ui/Page';

export default function MachinePage({ params }: { params: Record<string, string> }) {
  return <Page title="Machines"><p>{JSON.stringify(params)}</p></Page>;
}
