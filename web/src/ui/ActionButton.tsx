import { useState, type ReactNode } from 'react';
import { Button, type ButtonKind } from './Button';
import { CopyAs, type CommandForms } from './CopyAs';
import { Confirm } from './Dialog';
import type { IconName } from './Icon';
import { useAction } from './useAction';

/** An action that asks first: what it does to what, and how it is done from a terminal. */
export function ActionButton({
  label,
  icon,
  kind = 'plain',
  title,
  action,
  done,
  typed,
  forms,
  act,
  children,
  onDone,
  disabled,
}: {
  label: string;
  icon?: IconName;
  kind?: ButtonKind;
  /** The question. */
  title: string;
  /** What the button that does it says. */
  action: string;
  /** What is said when it was done. */
  done: string;
  typed?: string;
  forms: CommandForms;
  act: () => Promise<unknown>;
  /** What becomes of what. */
  children: ReactNode;
  onDone?: () => void;
  disabled?: boolean;
}) {
  const [open, setOpen] = useState(false);
  const { run } = useAction();
  return (
    <>
      <Button kind={kind} icon={icon} disabled={disabled} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Confirm
        open={open}
        title={title}
        action={action}
        typed={typed}
        onClose={() => setOpen(false)}
        onConfirm={async () => {
          if (await run(done, act)) onDone?.();
        }}
      >
        {children}
        <div>
          <CopyAs forms={forms} label="The same from a terminal" />
        </div>
      </Confirm>
    </>
  );
}
