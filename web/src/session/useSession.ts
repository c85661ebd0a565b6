import { useSyncExternalStore } from 'react';
import { currentSession, subscribe, type Session } from './session';

/** The session, or null while nobody is logged in. */
export function useSession(): Session | null {
  return useSyncExternalStore(subscribe, currentSession);
}
