import type { MachineType, Tag } from '../../api/machineEditing';

/** A schedule that is made when the machine is saved. */
export interface DraftTrigger {
  id: string;
  name: string;
  expression: string;
  zone: string;
  input: string;
}

/** What a designer edits, besides the text. */
export interface MachineSettings {
  name: string;
  type: MachineType;
  tags: Tag[];
  triggers: DraftTrigger[];
}

/** What is kept in this browser until it is saved. */
export interface StoredDraft extends MachineSettings {
  text: string;
  /** The revision that was edited; null of a machine that is not there yet. */
  revision: string | null;
  at: number;
}

const draftKey = (machine: string | null): string => `lambent-designer-draft:${machine ?? ''}`;
const inputsKey = (machine: string): string => `lambent-designer-inputs:${machine}`;
const INPUTS_MAX = 5;

export function readDraft(machine: string | null): StoredDraft | null {
  const draft = readStored(draftKey(machine)) as StoredDraft | null;
  return draft !== null && typeof draft === 'object' && typeof draft.text === 'string' && Array.isArray(draft.triggers)
    && Array.isArray(draft.tags) ? draft : null;
}

export function keepDraft(machine: string | null, draft: StoredDraft): void {
  store(draftKey(machine), draft);
}

export function forgetDraft(machine: string | null): void {
  localStorage.removeItem(draftKey(machine));
}

/** Inputs of the last runs of a machine, the latest first. */
export function lastInputs(machine: string): string[] {
  const inputs = readStored(inputsKey(machine));
  return Array.isArray(inputs) ? inputs.filter((input) => typeof input === 'string') : [];
}

export function rememberInput(machine: string, input: string): void {
  store(inputsKey(machine), [input, ...lastInputs(machine).filter((known) => known !== input)].slice(0, INPUTS_MAX));
}

/** Why a machine cannot be called so, or null: 1 to 80 letters, digits, - and _. */
export function machineNameProblem(name: string): string | null {
  if (name === '') return 'Give the machine a name';
  return /^[A-Za-z0-9_-]{1,80}$/.test(name) ? null : 'Up to 80 letters, digits, - and _';
}

function readStored(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

function store(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full storage loses the draft, not the edit.
  }
}
