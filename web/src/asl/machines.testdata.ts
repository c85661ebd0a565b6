import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseTree } from 'jsonc-parser';
import { sliceOf } from './edits';
import { nodeAt } from './json';

const FOLDER = fileURLToPath(new URL('../../../tests/Kernel.Tests/Workflows/Machines', import.meta.url));

/** The examples of the interpreter: the text of each definition as it stands in its file. */
export const MACHINES: readonly { name: string; text: string }[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => {
    const text = readFileSync(`${FOLDER}/${file}`, 'utf8');
    return { name: file, text: sliceOf(text, nodeAt(parseTree(text)!, ['definition'])!) };
  });
