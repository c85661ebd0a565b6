import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { errorQuery } from '../../api/errors';
import type { InvocationDetail } from '../../api/invocations';
import { Icon } from '../../ui/Icon';
import { Section } from '../../ui/Page';
import { visible } from '../../ui/text';
import { StackView } from '../errors/StackView';
import type { CallError } from './errorOf';
import './CallErrorView.css';

const explanations: Record<string, string> = {
  timeout: 'The handler did not answer within the function’s timeout.',
  exit: 'The function’s process ended before the handler answered.',
  'out-of-memory': 'The function took more memory than it is given.',
  'init-error': 'The function’s code could not be loaded.',
  'response-too-large': 'The answer is larger than an answer may be.',
  'invalid-response': 'The answer is not what the caller expects.',
};

/** Why a call failed: type and message, the stack in its sources, and what else failed in the same way. */
export function CallErrorView({ detail, failure }: { detail: InvocationDetail; failure: CallError | null }) {
  const group = useQuery({ ...errorQuery(detail.errorGroup ?? ''), enabled: detail.errorGroup !== undefined });
  const outcome = detail.attempts[0]!.outcome;
  // The frames of a group are its newest sample's; lines of the stack stand for those of an older release.
  const isSame = group.data?.samples[0]?.version === detail.attempts[0]!.version;
  const frames = isSame ? group.data!.frames : [];
  return (
    <Section
      title="Error"
      actions={
        detail.errorGroup && (
          <Link href={`/errors/${encodeURIComponent(detail.errorGroup)}`}>
            {group.data ? `${group.data.error.count.toLocaleString('en-US')} like this` : 'All like this'}
          </Link>
        )
      }
    >
      <div className="call-error">
        <Icon name="error" size={18} />
        <div className="grow">
          <p className="call-error-type">{visible(failure?.type ?? group.data?.error.type ?? outcome)}</p>
          <p className="call-error-message">
            {visible(failure?.message ?? explanations[outcome] ?? group.data?.error.message ?? '')}
          </p>
        </div>
      </div>
      {frames.length > 0 ? (
        <StackView frames={frames} />
      ) : (
        failure &&
        failure.stack.length > 0 && (
          <pre className="card" tabIndex={0} aria-label="Stack">
            {visible(failure.stack.join('\n'))}
          </pre>
        )
      )}
    </Section>
  );
}
