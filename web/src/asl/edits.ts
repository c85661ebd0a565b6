import { applyEdits } from 'jsonc-parser';
import type { Edit, Node } from 'jsonc-parser';
import { compact, membersOf, nodeAt, parseJson, print, reindent } from './json';
import type { JsonPath } from './json';

/**
 * Edits of JSON text that touch nothing but what they are about: what is beside it keeps its lines, its order and its
 * literals. jsonc-parser's own `modify` formats the whole line that it changes, which a definition that people wrote
 * and keep under version control does not bear.
 */

/** Thrown when an edit names a place that is not there: the caller worked with another text. */
export class MissingPlace extends Error {}

/** How a text is laid out, so that what is added looks like the rest. */
export interface TextStyle {
  indent: string;
  eol: string;
  isLined: boolean;
}

export function styleOf(text: string): TextStyle {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? '  ';
  return { indent, eol, isLined: text.trim().includes('\n') };
}

/** The text of the value at a place, moved to the left margin; null when there is nothing. */
export function valueText(text: string, path: JsonPath): string | null {
  const root = parseJson(text).root;
  const node = root === null ? null : nodeAt(root, path);
  return node === null ? null : sliceOf(text, node);
}

/** The text of a node, its further lines moved to the left margin. */
export function sliceOf(text: string, node: Node): string {
  const moved = reindent(text.slice(node.offset, endOf(node)), marginOf(text, node.offset), '', '\n');
  const { indent } = styleOf(text);
  return indent === '  ' ? moved : moved.split('\n').map((line) => evened(line, indent)).join('\n');
}

/** Puts a value in the place of another. */
export function replaceValue(text: string, path: JsonPath, value: string): string {
  const node = placeOf(text, path);
  const given = fit(text, value, node.offset, isInline(text, node.parent));
  return apply(text, [{ offset: node.offset, length: node.length, content: given }]);
}

/** Sets a member of an object: in place when it is there, else behind `after`, or as the last. */
export function setMember(text: string, path: JsonPath, key: string, value: string, after?: string): string {
  const node = placeOf(text, path);
  const members = membersOf(node);
  return members.some((member) => member.key === key)
    ? replaceValue(text, [...path, key], value)
    : insertInto(text, node, `${JSON.stringify(key)}: `, value,
      members.findIndex((member) => member.key === after) + 1 || members.length);
}

/** Puts an element into an array, as the last when no index is given. */
export function insertElement(text: string, path: JsonPath, value: string, index?: number): string {
  const node = placeOf(text, path);
  return insertInto(text, node, '', value, index ?? node.children?.length ?? 0);
}

/** Takes a member or an element away, with its comma. */
export function removeAt(text: string, path: JsonPath): string {
  const node = placeOf(text, path);
  const item = node.parent?.type === 'property' ? node.parent : node;
  const container = item.parent;
  const siblings = container?.children ?? [];
  const place = siblings.indexOf(item);
  if (container === undefined || place < 0) {
    throw new MissingPlace('the definition itself cannot be removed');
  }

  const before = siblings[place - 1];
  const next = siblings[place + 1];
  const [from, to] = before !== undefined
    ? [endOf(before), endOf(item)]
    : next !== undefined
      ? [item.offset, next.offset]
      : [container.offset + 1, endOf(container) - 1];
  return apply(text, [{ offset: from, length: to - from, content: '' }]);
}

/** Gives a member another name and value, in its place. */
export function replaceMember(text: string, path: JsonPath, key: string, value?: string): string {
  const node = placeOf(text, path);
  const keyNode = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
  if (keyNode === undefined) {
    throw new MissingPlace('only a member has a name');
  }

  const edits = [{ offset: keyNode.offset, length: keyNode.length, content: JSON.stringify(key) }];
  if (value !== undefined) {
    edits.push({ offset: node.offset, length: node.length, content: value });
  }

  return apply(text, edits);
}

/** Lets two elements of an array change places. */
export function swapElements(text: string, path: JsonPath, first: number, second: number): string {
  const array = placeOf(text, path);
  const [one, other] = [array.children?.[first], array.children?.[second]];
  if (one === undefined || other === undefined) {
    throw new MissingPlace('there is no such element');
  }

  return apply(text, [
    { offset: one.offset, length: one.length, content: text.slice(other.offset, endOf(other)) },
    { offset: other.offset, length: other.length, content: text.slice(one.offset, endOf(one)) },
  ]);
}

/** Several edits of the same text, which do not overlap. */
export function apply(text: string, edits: Edit[]): string {
  return applyEdits(text, edits);
}

function placeOf(text: string, path: JsonPath): Node {
  const root = parseJson(text).root;
  const node = root === null ? null : nodeAt(root, path);
  if (node === null) {
    throw new MissingPlace(`nothing is at ${path.join('/')}`);
  }

  return node;
}

function insertInto(text: string, container: Node, key: string, value: string, place: number): string {
  const items = container.children ?? [];
  const style = styleOf(text);
  const before = items[Math.min(place, items.length) - 1];
  if (items.length === 0) {
    return insertFirst(text, container, key, value, style);
  }

  const isInserted = before !== undefined;
  const beside = before ?? items[0]!;
  const isLined = startsLine(text, beside.offset);
  const margin = marginOf(text, beside.offset);
  const isSpaced = /[,:] /.test(text.slice(container.offset, endOf(container)));
  const written = isLined ? key + lined(value, margin, style) : inline(key + value, isSpaced);
  const gap = isLined ? style.eol + margin : isSpaced ? ' ' : '';
  return isInserted
    ? apply(text, [{ offset: endOf(beside), length: 0, content: `,${gap}${written}` }])
    : apply(text, [{ offset: beside.offset, length: 0, content: `${written},${gap}` }]);
}

function insertFirst(text: string, container: Node, key: string, value: string, style: TextStyle): string {
  const margin = marginOf(text, container.offset);
  // A member that shares its line with others stays there; otherwise what is filled gets lines of its own.
  const isLined = style.isLined && !isInline(text, outerOf(container));
  const inner = margin + style.indent;
  const content = isLined
    ? style.eol + inner + key + lined(value, inner, style) + style.eol + margin
    : inline(key + value, /[,:] /.test(text) || text.trim().length < 3);
  return apply(text, [{ offset: container.offset + 1, length: container.length - 2, content }]);
}

function fit(text: string, value: string, offset: number, isOnLine: boolean): string {
  return isOnLine
    ? inline(value, /[,:] /.test(text))
    : lined(value, marginOf(text, offset), styleOf(text));
}

function lined(value: string, margin: string, style: TextStyle): string {
  const steps = style.indent === '  ' ? value : value.split('\n').map((line) => stepped(line, style.indent)).join('\n');
  return reindent(steps, '', margin, style.eol).replace(/[ \t]+(?=\r?\n|$)/g, '');
}

// What is printed here has steps of two blanks; the text may have others.
function stepped(line: string, indent: string): string {
  const blanks = /^ */.exec(line)![0].length;
  return blanks % 2 === 0 ? indent.repeat(blanks / 2) + line.slice(blanks) : line;
}

// The reverse: so that what is taken out of a text and put into it again is what it was.
function evened(line: string, indent: string): string {
  const blanks = /^[ \t]*/.exec(line)![0];
  const steps = blanks.length / indent.length;
  return blanks === indent.repeat(Math.floor(steps)) ? '  '.repeat(steps) + line.slice(blanks.length) : line;
}

function inline(value: string, isSpaced: boolean): string {
  return value.includes('\n') || !isSpaced ? compact(value, isSpaced) : value;
}

// Whether an object or array, or what holds it, is written on one line with something in it.
function isInline(text: string, node: Node | undefined): boolean {
  const container = node?.type === 'property' ? node.parent : node;
  const first = container?.children?.[0];
  return first !== undefined && !startsLine(text, first.offset);
}

function outerOf(node: Node): Node | undefined {
  return node.parent?.type === 'property' ? node.parent.parent : node.parent;
}

function startsLine(text: string, offset: number): boolean {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return start > 0 && text.slice(start, offset).trim() === '';
}

function marginOf(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))![0];
}

function endOf(node: Node): number {
  return node.offset + node.length;
}

/** A value as text in the steps that edits expect: two blanks. */
export function written(value: unknown): string {
  return print(value);
}
