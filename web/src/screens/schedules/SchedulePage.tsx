import { Page } from '../../ui/Page';

export default function SchedulePage({ params }: { params: Record<string, string> }) {
  return <Page title="Schedules"><p>{JSON.stringify(params)}</p></Page>;
}
