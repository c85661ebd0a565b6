import { Page } from '../../ui/Page';

export default function Schedules({ params }: { params: Record<string, string> }) {
  return <Page title="Schedules"><p>{JSON.stringify(params)}</p></Page>;
}
