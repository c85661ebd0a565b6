import type { ReactNode } from 'react';
import { CopyText } from './CopyAs';
import { Icon, type IconName } from './Icon';
import './EmptyState.css';

/** What will be here, and the command that makes it be. */
export function EmptyState({
  icon,
  title,
  children,
  command,
}: {
  icon: IconName;
  title: string;
  children?: ReactNode;
  command?: string;
}) {
  return (
    <div className="empty-state">
      <span className="empty-state-icon">
        <Icon name={icon} size={26} />
      </span>
      <h2>{title}</h2>
      {children && <div className="soft">{children}</div>}
      {command && <CopyText text={command} label="Copy the command" />}
    </div>
  );
}
