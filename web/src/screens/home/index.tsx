import { useState } from 'react';
import { useSession } from '../../session/useSession';
import { Button } from '../../ui/Button';
import { Page } from '../../ui/Page';
import { Cost } from './Cost';
import { Health } from './Health';
import { Busiest, Deployments, Failures, Queues, Schedules, Workflows } from './Lists';
import { Traffic } from './Traffic';
import { isDismissed, Welcome } from './Welcome';
import './home.css';

/** How everything is, at a glance. Each tile asks for its own and comes when it is there. */
export default function Home() {
  const session = useSession();
  const [welcomes, setWelcomes] = useState(() => !isDismissed());
  return (
    <Page
      title="Home"
      actions={
        <>
          <span className="faint">
            {session?.accountName} · {session?.region}
          </span>
          {!welcomes && (
            <Button kind="quiet" icon="info" onClick={() => setWelcomes(true)}>
              First steps
            </Button>
          )}
        </>
      }
    >
      <div className="home">
        {welcomes && <Welcome onDismiss={() => setWelcomes(false)} />}
        <Health />
        <div className="home-row home-row-traffic">
          <Traffic />
          <Cost />
        </div>
        <div className="home-row home-row-two">
          <Failures />
          <Busiest />
        </div>
        <div className="home-row home-row-four">
          <Queues />
          <Workflows />
          <Schedules />
          <Deployments />
        </div>
      </div>
    </Page>
  );
}
