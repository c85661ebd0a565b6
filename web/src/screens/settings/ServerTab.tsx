import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { readNode, type NodeSettings } from '../../api/status';
import { CopyText } from '../../ui/CopyAs';
import { ErrorBox } from '../../ui/ErrorBox';
import { bytes, count, duration } from '../../ui/format';
import { Facts, Section } from '../../ui/Page';

/** How the server was started, and the commands that keep it well. */
export function ServerTab() {
  const { data, error, refetch } = useQuery({ queryKey: ['node'], queryFn: ({ signal }) => readNode(signal) });
  if (error && !data) return <ErrorBox error={error} retry={() => void refetch()} />;
  return (
    <div className="stack-large">
      {data &&
        settingsOf(data.settings, data.dataFolder).map(([title, facts]) => (
          <Section key={title} title={title}>
            <div className="card">
              <Facts facts={facts} />
            </div>
          </Section>
        ))}
      <Section title="Look after it">
        <div className="grid-two">
          <Hint title="Check everything around it" command="lambent doctor" />
          <Hint title="Back it up" command={`tar -C ${data?.dataFolder ?? 'DIR'} -czf lambent-backup.tgz .`}>
            Stop the server first: the folder is all there is of it. Starting on a copy is restoring it.
          </Hint>
          <Hint title="Bring it up to date" command="git pull && ./lambent up">
            Stop the server, start the new version on the same folder: the store is brought up to date when it is
            opened.
          </Hint>
          <Hint title="Ask whether the new version scales as the old one" command="lambent why NAME --replay" />
        </div>
      </Section>
    </div>
  );
}

function Hint({ title, command, children }: { title: string; command: string; children?: ReactNode }) {
  return (
    <div className="card stack">
      <h3>{title}</h3>
      <CopyText text={command} label="Copy the command" />
      {children && <p className="soft">{children}</p>}
    </div>
  );
}

function settingsOf(settings: NodeSettings, folder: string): Array<[string, Array<[string, ReactNode]>]> {
  const yes = (value: boolean) => (value ? 'yes' : 'no');
  const seconds = (value: number) => duration(value * 1000);
  return [
    [
      'Address and data',
      [
        ['Listens on', <Option key="bind" value={`${settings.bind}:${settings.port}`} option="--bind, --port" />],
        ['Public address', settings.publicUrl ?? 'the same'],
        ['Data folder', <Option key="data" value={folder} option="--data" />],
        [
          'Sessions',
          `${settings.sessionIdleHours} h unused, ${duration(settings.sessionAgeMaxHours * 3_600_000)} at most`,
        ],
      ],
    ],
    [
      'Logs and records',
      [
        [
          'Log lines and records',
          <Option
            key="log"
            value={`${count(settings.logDays)} days, ${bytes(settings.logBytesMax)}`}
            option="--log-days, --log-mb"
          />,
        ],
        [
          'Secrets in lines',
          <Option
            key="mask"
            value={settings.masksSecretsInLogs ? 'are taken out' : 'stay'}
            option="--no-log-masking"
          />,
        ],
        [
          'Calls kept whole',
          <Option
            key="calls"
            value={`${settings.calls}, ${count(settings.callDays)} days, ${bytes(settings.callBytesMax)}`}
            option="--calls, --call-days, --call-mb"
          />,
        ],
        [
          'Events and answers',
          <Option key="kb" value={`up to ${bytes(settings.callPayloadBytesMax)}`} option="--call-kb" />,
        ],
        [
          'Telemetry',
          <Option key="telemetry" value={settings.keepsTelemetry ? 'kept' : 'not kept'} option="--no-telemetry" />,
        ],
      ],
    ],
    [
      'Environments',
      [
        [
          'Kept without calls',
          <Option
            key="idle"
            value={settings.idleSeconds === undefined ? 'as calls are foreseen' : seconds(settings.idleSeconds)}
            option="--idle"
          />,
        ],
        [
          'Replaced after',
          <Option key="age" value={seconds(settings.environmentAgeMaxSeconds)} option="--environment-age-max" />,
        ],
        ['Memory for warm ones', <Option key="warm" value={bytes(settings.warmMemoryBytes)} option="--warm-memory" />],
        ['Processor shares held', <Option key="cpu" value={yes(settings.holdsProcessorShares)} option="--cpu-quota" />],
        ['Longest call', seconds(settings.timeoutSecondsMax)],
      ],
    ],
    [
      'Sent elsewhere',
      [
        ['Log lines, by syslog', <Option key="syslog" value={yes(settings.sendsLogs)} option="--syslog" />],
        ['Traces, by OpenTelemetry', <Option key="otlp" value={yes(settings.sendsTraces)} option="--otlp-endpoint" />],
        ['Alerts, by e-mail', <Option key="smtp" value={yes(settings.sendsMail)} option="--smtp" />],
      ],
    ],
  ];
}

/** A value, and the option of `lambent up` that sets it. */
function Option({ value, option }: { value: string; option: string }) {
  return (
    <>
      {value}
      <br />
      <code className="faint">{option}</code>
    </>
  );
}
