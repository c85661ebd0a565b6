// Test events of a function in this browser's storage: an array of events with a name, the value and its text.

/** The stored text with one more event; one of the same name is replaced, what cannot be read is begun anew. */
export function withTestEvent(stored: string | null, name: string, text: string): string {
  let known: Array<{ name?: unknown }> = [];
  try {
    const value: unknown = JSON.parse(stored ?? '[]');
    if (Array.isArray(value)) known = value.filter((each) => typeof each === 'object' && each !== null) as Array<{ name?: unknown }>;
  } catch {
    known = [];
  }
  return JSON.stringify([...known.filter((each) => each.name !== name), { name, event: JSON.parse(text) as unknown, text }]);
}
