import type { DragEvent } from 'react';
import { ACTION_KINDS } from '../../asl/templates';
import type { ActionKind } from '../../asl/templates';
import { StateIcon } from '../../graph/StateIcon';
import type { StateIconName } from '../../graph/StateIcon';

/** What is dragged: the id of an action, or "schedule". */
export const DRAGGED = 'application/x-lambent-action';

/** What may be added: dragged onto the drawing, or with Enter or a click behind what is selected. */
export function Palette({ onAdd, onAddTrigger }: { onAdd: (kind: ActionKind) => void; onAddTrigger: () => void }) {
  return (
    <section className="designer-palette" aria-label="What can be added">
      <Group title="Triggers">
        <Item id="schedule" title="Schedule" hint="Starts the machine at times" icon="schedule" family="good" onAdd={onAddTrigger} />
      </Group>
      {(['Actions', 'Flow'] as const).map((group) => (
        <Group key={group} title={group}>
          {ACTION_KINDS.filter((kind) => kind.group === group).map((kind) => (
            <Item key={kind.id} id={kind.id} title={kind.title} hint={kind.hint} icon={iconFor(kind)} family={familyFor(kind)}
              onAdd={() => onAdd(kind)} />
          ))}
        </Group>
      ))}
    </section>
  );
}

function Group({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <div className="designer-palette-group">
      <h2>{title}</h2>
      <ul>{children}</ul>
    </div>
  );
}

function Item({ id, title, hint, icon, family, onAdd }: {
  id: string; title: string; hint: string; icon: StateIconName; family: string; onAdd: () => void;
}) {
  const drag = (event: DragEvent): void => {
    event.dataTransfer.setData(DRAGGED, id);
    event.dataTransfer.effectAllowed = 'copy';
  };
  return (
    <li>
      {/* No button element: Firefox does not let those be dragged. */}
      <div role="button" tabIndex={0} draggable className="designer-palette-item" data-testid={`palette-${id}`} title={hint}
        aria-label={`Add ${title}`} onDragStart={drag} onClick={onAdd}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== ' ') return;
          event.preventDefault();
          onAdd();
        }}>
        <span className={`graph-icon graph-${family}`}><StateIcon name={icon} size={16} /></span>
        <span>{title}</span>
      </div>
    </li>
  );
}

function iconFor(kind: ActionKind): StateIconName {
  return kind.type === 'Task' ? (kind.id === 'wait-event' ? 'event' : kind.id as StateIconName) : kind.type;
}

function familyFor(kind: ActionKind): string {
  switch (kind.type) {
    case 'Task': return kind.id === 'wait-event' ? 'own' : 'work';
    case 'Choice': return 'choice';
    case 'Succeed': return 'good';
    case 'Fail': return 'bad';
    default: return 'flow';
  }
}
