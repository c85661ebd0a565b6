import { Button } from '../../ui/Button';
import { CopyText } from '../../ui/CopyAs';
import { Dialog } from '../../ui/Dialog';

/** A secret is shown here and never again. */
export function SecretDialog({
  title,
  accessKeyId,
  secret,
  onClose,
}: {
  title: string;
  accessKeyId: string;
  secret: string;
  onClose: () => void;
}) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      footer={
        <Button kind="primary" onClick={onClose}>
          I have kept it
        </Button>
      }
    >
      <div className="stack">
        <p>The secret is shown now and never again.</p>
        <h3>Access key id</h3>
        <CopyText text={accessKeyId} label="Copy the access key id" />
        <h3>Secret access key</h3>
        <CopyText text={secret} label="Copy the secret access key" />
        <h3>For a shell</h3>
        <CopyText
          text={`export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secret}`}
          label="Copy both for a shell"
        />
      </div>
    </Dialog>
  );
}
