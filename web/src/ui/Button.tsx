import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Link } from 'wouter';
import { Icon, type IconName } from './Icon';
import './Button.css';

export type ButtonKind = 'plain' | 'primary' | 'danger' | 'quiet';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: ButtonKind;
  icon?: IconName;
  /** The work it began goes on: it shows that and cannot be pressed. */
  busy?: boolean;
  children?: ReactNode;
}

export function Button({ kind = 'plain', icon, busy, children, className, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={`button button-${kind} ${className ?? ''}`}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    >
      {busy ? <span className="button-spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      {children && <span>{children}</span>}
    </button>
  );
}

/** A button with an icon alone; the label is for those who do not see it, and its tooltip. */
export function IconButton({
  label,
  icon,
  kind = 'quiet',
  ...rest
}: Omit<ButtonProps, 'children'> & { label: string; icon: IconName }) {
  return <Button kind={kind} icon={icon} aria-label={label} title={label} {...rest} />;
}

/** A link that looks like a button, for what is a place and not an action. */
export function ButtonLink({
  href,
  kind = 'plain',
  icon,
  children,
}: {
  href: string;
  kind?: ButtonKind;
  icon?: IconName;
  children: ReactNode;
}) {
  return (
    <Link href={href} className={`button button-${kind}`}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </Link>
  );
}
