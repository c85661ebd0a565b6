import { useState } from 'react';
import { Button, IconButton } from './Button';
import { Dialog } from './Dialog';
import { shellQuote } from './shell';
import { toast } from './Toasts';
import './CopyAs.css';

export { shellQuote } from './shell';

/** One request of the API, for those who would rather script it. */
export interface CommandForms {
  /** Such as: lambent invoke hello --data '{}' */
  cli: string;
  /** Method and address of the request; body when it has one. Left out: only the command is shown. */
  request?: { method: string; path: string; service?: string; headers?: Record<string, string>; body?: unknown };
}

/** "Copy as": the same action as a command and as curl, which signs it with the keys of `lambent env`. */
export function CopyAs({ forms, label = 'Copy as' }: { forms: CommandForms; label?: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button kind="quiet" icon="code" onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} title="The same from a terminal">
        <div className="stack">
          <h3>Command</h3>
          <CopyText text={forms.cli} label="Copy the command" />
          {forms.request && (
            <>
              <h3>curl</h3>
              <p className="soft">
                Keys and address come from <code>eval "$(lambent env)"</code>.
              </p>
              <CopyText text={toCurl(forms.request)} label="Copy the curl command" />
            </>
          )}
        </div>
      </Dialog>
    </>
  );
}

/** A text with a button that copies it. */
export function CopyText({ text, label = 'Copy' }: { text: string; label?: string }) {
  return (
    <span className="copy-text">
      <code>{text}</code>
      <IconButton label={label} icon="copy" onClick={() => copy(text)} />
    </span>
  );
}

export function copy(text: string): void {
  // Without a secure origin there is no clipboard API; a selected field is what is left.
  if (navigator.clipboard) {
    void navigator.clipboard.writeText(text).then(() => toast('Copied'));
    return;
  }
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
  toast('Copied');
}

function toCurl(request: NonNullable<CommandForms['request']>): string {
  const lines = [
    `curl -X ${request.method} "$AWS_ENDPOINT_URL"${shellQuote(request.path)}`,
    `--aws-sigv4 "aws:amz:$AWS_REGION:${request.service ?? 'lambda'}"`,
    '--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"',
    ...Object.entries(request.headers ?? {}).map(([name, value]) => `-H ${shellQuote(`${name}: ${value}`)}`),
  ];
  if (request.body !== undefined) {
    const body = typeof request.body === 'string' ? request.body : JSON.stringify(request.body);
    if (!request.headers?.['content-type']) lines.push("-H 'content-type: application/json'");
    lines.push(`--data-binary ${shellQuote(body)}`);
  }
  return lines.join(' \\\n  ');
}
