// A function's package in the browser: opened, its files shown and changed, packed again. What the editor does not show
// stays as it was: modes, links and files that are no text.
import { strFromU8, unzipSync, zipSync, type Zippable } from 'fflate';

/** Larger ones are not opened: they would be built elsewhere anyway. */
export const unpackedBytesMax = 1_000_000;
const filesMax = 2000;

export interface PackageFile {
  name: string;
  bytes: Uint8Array;
  /** The upper half of what zip calls external attributes: type and permissions of Unix. 0: none were written. */
  mode: number;
}

interface DirectoryEntry {
  name: string;
  mode: number;
  unpackedBytes: number;
}

/** The size of all files, as the archive's directory says it. Fails when it is no zip file. */
export function unpackedSize(zip: Uint8Array): number {
  return directoryOf(zip).reduce((sum, entry) => sum + entry.unpackedBytes, 0);
}

/** The files of a package that is small enough; null when it is not. Fails when it is no zip file. */
export function openPackage(zip: Uint8Array): PackageFile[] | null {
  const entries = directoryOf(zip);
  const total = entries.reduce((sum, entry) => sum + entry.unpackedBytes, 0);
  if (total > unpackedBytesMax || entries.length > filesMax) return null;
  const modes = new Map(entries.map((entry) => [entry.name, entry.mode]));
  const contents = unzipSync(zip);
  return Object.entries(contents)
    .filter(([name]) => !name.endsWith('/'))
    .map(([name, bytes]) => ({ name, bytes, mode: modes.get(name) ?? 0 }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** The same files make the same bytes. */
export function packFiles(files: PackageFile[]): Uint8Array {
  const sorted = [...files].sort((one, other) => (one.name < other.name ? -1 : 1));
  const contents: Zippable = Object.create(null) as Zippable;
  for (const { name, bytes, mode } of sorted) {
    contents[name] = [bytes, { attrs: (mode || plainFile) << 16, os: unix, mtime: firstDay }];
  }
  return zipSync(contents, { level: 6 });
}

const unix = 3;
const plainFile = 0o100644;
const linkType = 0o120000;
const firstDay = new Date(1980, 0, 1);

export function textFile(name: string, text: string): PackageFile {
  return { name, bytes: new TextEncoder().encode(text), mode: plainFile };
}

/** The text of a file, or null when it is none, or a link. */
export function textOf(file: PackageFile): string | null {
  if ((file.mode & 0o170000) === linkType || file.bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(file.bytes);
  } catch {
    return null;
  }
}

export type CodeLanguage = 'json' | 'javascript' | 'typescript' | 'python' | 'text';

export function languageOf(name: string): CodeLanguage {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  if (['js', 'mjs', 'cjs', 'jsx'].includes(ending)) return 'javascript';
  if (['ts', 'mts', 'cts', 'tsx'].includes(ending)) return 'typescript';
  if (ending === 'py') return 'python';
  return ending === 'json' ? 'json' : 'text';
}

export interface TreeLine {
  /** The whole name of a file; of a folder with a slash behind. */
  name: string;
  label: string;
  depth: number;
  isFolder: boolean;
}

/** Files below their folders, folders first. Folders in `closed` show nothing of theirs. */
export function treeOf(names: string[], closed: ReadonlySet<string> = new Set()): TreeLine[] {
  const lines: TreeLine[] = [];
  const walk = (prefix: string, below: string[], depth: number) => {
    const folders = [...new Set(below.flatMap((name) => {
      const slash = name.indexOf('/', prefix.length);
      return slash < 0 ? [] : [name.slice(0, slash + 1)];
    }))].sort();
    for (const folder of folders) {
      lines.push({ name: folder, label: folder.slice(prefix.length), depth, isFolder: true });
      if (!closed.has(folder)) walk(folder, below.filter((name) => name.startsWith(folder)), depth + 1);
    }
    for (const name of below.filter((each) => each.indexOf('/', prefix.length) < 0).sort()) {
      lines.push({ name, label: name.slice(prefix.length), depth, isFolder: false });
    }
  };
  walk('', names, 0);
  return lines;
}

/** What is wrong with a name for a new file, or null. */
export function wrongName(name: string, names: string[]): string | null {
  if (name === '' || name.endsWith('/')) return 'A file needs a name.';
  if (name.startsWith('/') || name.includes('\\') || /[\u0000-\u001f]/.test(name)) return 'The name must be a path below the package.';
  if (name.split('/').some((part) => part === '' || part === '.' || part === '..')) return 'The name must be a path below the package.';
  return names.includes(name) ? 'There is a file of this name.' : null;
}

/** The file the handler is in, when it is there: it is opened first. */
export function handlerFile(handler: string, names: string[]): string | undefined {
  const module = handler.split('::')[0]!.replace(/\.[^.]*$/, '');
  return ['.mjs', '.js', '.cjs', '.py', ''].map((ending) => module + ending).find((name) => names.includes(name))
    ?? names.find((name) => /\.(mjs|js|cjs|py)$/.test(name) && !name.includes('/')) ?? names[0];
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;

/** The directory at the end of a zip file, which alone has the modes. */
function directoryOf(zip: Uint8Array): DirectoryEntry[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  let end = zip.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== endSignature) end--;
  if (end < 0) throw new Error('The package is not a zip file.');
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const entries: DirectoryEntry[] = [];
  for (let entry = 0; entry < count; entry++) {
    if (at + 46 > zip.length || view.getUint32(at, true) !== entrySignature) throw new Error('The package is damaged.');
    const nameLength = view.getUint16(at + 28, true);
    const isUtf8 = (view.getUint16(at + 8, true) & 0x800) !== 0;
    const isUnix = view.getUint8(at + 5) === unix;
    entries.push({
      name: strFromU8(zip.subarray(at + 46, at + 46 + nameLength), !isUtf8),
      mode: isUnix ? view.getUint16(at + 40, true) : 0,
      unpackedBytes: view.getUint32(at + 24, true),
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}
