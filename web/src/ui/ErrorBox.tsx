import { ApiError } from '../api/client';
import { Button } from './Button';
import { Icon } from './Icon';
import './ErrorBox.css';

/** What went wrong, in the server's words: message, code, request id, and what can be done. */
export function ErrorBox({ error, retry }: { error: unknown; retry?: () => void }) {
  const api = error instanceof ApiError ? error : null;
  const message = error instanceof Error ? error.message : String(error);
  return (
    <div className="error-box" role="alert">
      <Icon name="error" size={18} />
      <div className="grow">
        <p className="error-box-message">{message || 'The server gave no reason.'}</p>
        {api && (
          <p className="error-box-details mono">
            {api.code}
            {api.field && ` · field ${api.field}`}
            {api.requestId && ` · request ${api.requestId}`}
          </p>
        )}
      </div>
      {retry && (
        <Button icon="retry" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}
