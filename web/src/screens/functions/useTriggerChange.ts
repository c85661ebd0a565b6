import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { toast, toastError } from '../../ui/Toasts';

/** Does something to what is around a function, says what came of it, and reads all of that anew. */
export function useTriggerChange(name: string): { busy: boolean; run: (change: () => Promise<unknown>, done: string) => Promise<boolean> } {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const run = async (change: () => Promise<unknown>, done: string) => {
    setBusy(true);
    try {
      await change();
      toast(done);
      return true;
    } catch (error) {
      toastError(error);
      return false;
    } finally {
      setBusy(false);
      void queries.invalidateQueries({ queryKey: ['function', name] });
    }
  };
  return { busy, run };
}
