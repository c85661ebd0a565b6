import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { describeMachine, tagsOf } from '../../api/machineEditing';
import type { Tag } from '../../api/machineEditing';
import { EMPTY_DEFINITION } from '../../asl/templates';
import { ErrorBox } from '../../ui/ErrorBox';
import { Page } from '../../ui/Page';
import { Designer } from './Designer';
import { readDraft } from './draft';

/** What is saved; null of a machine that is not there yet. */
export interface SavedMachine {
  name: string;
  type: 'STANDARD' | 'EXPRESS';
  definition: string;
  revision: string;
  tags: Tag[];
}

/** `/machines/new` and `/machines/NAME/edit`. */
export default function DesignerScreen({ params }: { params: Record<string, string> }) {
  const name = params['name'];
  return name === undefined ? <NewMachine /> : <SavedMachineDesigner name={name} />;
}

function NewMachine() {
  const draft = useMemo(() => readDraft(null), []);
  return <Designer saved={null} draft={draft} initialText={EMPTY_DEFINITION} />;
}

function SavedMachineDesigner({ name }: { name: string }) {
  const machine = useQuery({
    queryKey: ['designer-machine', name],
    queryFn: async ({ signal }): Promise<SavedMachine> => {
      const [described, tags] = await Promise.all([describeMachine(name, signal), tagsOf(name, signal)]);
      return { name, type: described.type, definition: described.definition, revision: described.revisionId, tags };
    },
    // What is edited is not replaced below the hands of who edits it.
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const draft = useMemo(() => readDraft(name), [name]);
  if (machine.isError) {
    return (
      <Page title={name} crumbs={[{ label: 'Workflows', href: '/machines' }]}>
        <ErrorBox error={machine.error} retry={() => void machine.refetch()} />
      </Page>
    );
  }
  return machine.data === undefined
    ? <div className="designer" aria-busy="true" />
    : <Designer saved={machine.data} draft={draft} initialText={machine.data.definition} />;
}
