import { readLogs, type LogLine, type LogSearch } from '../../api/logs';
import { saveText } from '../../ui/saveFile';
import { asJsonLines, asPlainText } from './lines';

const pageLines = 10_000;

/** More is what the command line is for. */
export const downloadLinesMax = 50_000;

/** All lines of a search, the newest `downloadLinesMax` of them, as a file. */
export async function downloadLogs(search: LogSearch, kind: 'jsonl' | 'txt'): Promise<number> {
  const pages: LogLine[][] = [];
  let cursor: string | undefined;
  let total = 0;
  do {
    const page = await readLogs(search, { limit: pageLines, cursor });
    pages.unshift(page.lines);
    total += page.lines.length;
    cursor = page.next;
  } while (cursor && total < downloadLinesMax);
  const lines = pages.flat();
  saveText(`lambent-logs.${kind}`, kind === 'jsonl' ? asJsonLines(lines) : asPlainText(lines));
  return lines.length;
}
