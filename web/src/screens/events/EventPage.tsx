import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { eventQuery, hasEnded, type AcceptedEvent } from '../../api/events';
import { invocationQuery, type InvocationDetail } from '../../api/invocations';
import { StatusBadge } from '../../ui/Badge';
import { ButtonLink } from '../../ui/Button';
import { CopyAs, shellQuote } from '../../ui/CopyAs';
import { ErrorBox } from '../../ui/ErrorBox';
import { Icon } from '../../ui/Icon';
import { IdText } from '../../ui/IdText';
import { JsonView } from '../../ui/JsonView';
import { Facts, Page, Section } from '../../ui/Page';
import { Time } from '../../ui/Time';
import { visible } from '../../ui/text';
import { AttemptTable } from '../invocations/AttemptTable';
import { CallErrorView } from '../invocations/CallErrorView';
import { errorOf } from '../invocations/errorOf';
import { PayloadView } from '../invocations/PayloadView';
import { LogLines } from '../traces/LogLines';
import { CancelEvent } from './CancelEvent';
import { RedriveOne } from './RedriveOne';
import { targetOfArn } from './names';
import './Events.css';

/** One asynchronous event: where it is and why, its attempts, and what became of it. */
export default function EventScreen({ params }: { params: Record<string, string> }) {
  const id = params['id']!;
  const { data, error, refetch } = useQuery(eventQuery(id));
  // Attempts are calls with the event's id; before the first there is none.
  const calls = useQuery({
    ...invocationQuery(id),
    enabled: data !== undefined,
    retry: false,
    refetchInterval: data && !hasEnded(data.state) ? 2000 : false,
  });
  const target = data && targetOfArn(data.target);
  return (
    <Page
      title={target ? `Event for ${visible(target.name)}` : 'Event'}
      crumbs={[{ label: 'Events', href: '/events' }]}
      badge={data && <StatusBadge status={data.state} />}
      intro={<IdText id={id} label="Copy the event's id" />}
      actions={
        data && (
          <>
            <CopyAs
              forms={{
                cli: ['get', ...(data.state === 'dead' ? ['retry'] : [])]
                  .map((verb) => `lambent events ${verb} ${shellQuote(id)}`)
                  .join('\n'),
                request: { method: 'GET', path: `/v1/events/${encodeURIComponent(id)}` },
              }}
            />
            {data.attempts > 0 && (
              <ButtonLink href={`/invocations/${encodeURIComponent(id)}`} icon="invocation">
                Invocation
              </ButtonLink>
            )}
            <CancelEvent event={data} />
            {data.state === 'dead' && <RedriveOne event={data} />}
          </>
        )
      }
    >
      {error && !data && <ErrorBox error={error} retry={() => void refetch()} />}
      {!data && !error && (
        <div className="card events-placeholder" aria-busy="true">
          <span className="skeleton" />
        </div>
      )}
      {data && <Whole event={data} detail={calls.data} />}
    </Page>
  );
}

function Whole({ event, detail }: { event: AcceptedEvent; detail: InvocationDetail | undefined }) {
  const target = targetOfArn(event.target);
  const isFailed = detail?.attempts[0] !== undefined && detail.attempts[0].outcome !== 'success';
  return (
    <>
      {event.why && (
        <p className="events-why">
          <Icon name="info" />
          <span>
            <strong>Why it is here: </strong>
            {visible(event.why)}
          </span>
        </p>
      )}
      {event.destinationError && (
        <div className="error-box" role="alert">
          <Icon name="error" size={18} />
          <div>
            <p className="error-box-message">Its destination did not take it: {visible(event.destinationError)}</p>
          </div>
        </div>
      )}
      <div className="card">
        <Facts
          facts={[
            ['Target', target.href ? <Link href={target.href}>{visible(target.name)}</Link> : visible(target.name)],
            ['Accepted', <Time at={event.acceptedAt} />],
            !!event.dueAt && ['Due', <Time at={event.dueAt} />],
            !!event.endedAt && ['Ended', <Time at={event.endedAt} />],
            ['Attempts', event.attempts],
            !hasEnded(event.state) && ['Priority', event.priority],
            !!event.source && ['From', visible(event.source)],
            !!event.error && ['Last error', visible(event.error)],
          ]}
        />
      </div>
      {detail && detail.attempts.length > 0 ? (
        <AttemptTable attempts={detail.attempts} />
      ) : (
        <Section title="Attempts">
          <p className="soft">There was none yet.</p>
        </Section>
      )}
      {detail && isFailed && <CallErrorView detail={detail} failure={errorOf(detail.output)} />}
      {event.result !== undefined && (
        <Section title="Result">
          <JsonView label="Result" value={event.result} />
        </Section>
      )}
      {detail?.input && (
        <Section title="Event">
          <PayloadView payload={detail.input} label="Event" absent="" />
        </Section>
      )}
      {detail && detail.attempts.length > 0 && (
        <Section title="Log" actions={<Link href={`/logs?request=${encodeURIComponent(event.id)}`}>Open in Logs</Link>}>
          <LogLines requests={[event.id]} label="Log lines of all attempts" />
        </Section>
      )}
    </>
  );
}
