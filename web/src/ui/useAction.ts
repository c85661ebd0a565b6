import { useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { toast, toastError } from './Toasts';

/**
 * Something that changes the server's state: says that it was done, or why not, and has what is shown read again.
 * `run` gives whether it was done.
 */
export function useAction(): { busy: boolean; run: (done: string, act: () => Promise<unknown>) => Promise<boolean> } {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const run = async (done: string, act: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await act();
      toast(done);
      return true;
    } catch (error) {
      toastError(error);
      return false;
    } finally {
      setBusy(false);
      void queries.invalidateQueries();
    }
  };
  return { busy, run };
}
