import { findNodeAtLocation, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';

/** A place in JSON text: names of members and indexes of elements. */
export type JsonPath = readonly (string | number)[];

/** What keeps a text from being JSON, or what keeps its members from being told apart. */
export interface TextProblem {
  message: string;
  offset: number;
  length: number;
  line: number;
  column: number;
}

export interface ParsedText {
  root: Node | null;
  problems: TextProblem[];
}

const WORDS: Record<string, string> = {
  InvalidSymbol: 'This is no JSON value',
  InvalidNumberFormat: 'This is no number of JSON',
  PropertyNameExpected: 'A name in double quotes is expected',
  ValueExpected: 'A value is expected',
  ColonExpected: 'A colon is expected',
  CommaExpected: 'A comma is expected',
  CloseBraceExpected: 'A closing brace is expected',
  CloseBracketExpected: 'A closing bracket is expected',
  EndOfFileExpected: 'The definition ended before this',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfComment: 'JSON has no comments',
  UnexpectedEndOfString: 'This text has no closing quote',
  UnexpectedEndOfNumber: 'This number is not complete',
  InvalidUnicode: 'This is no valid \\u escape',
  InvalidEscapeCharacter: 'This is no escape of JSON',
  InvalidCharacter: 'This character must be escaped',
};

/** Strict JSON: no comments, no trailing commas, each member once. */
export function parseJson(text: string): ParsedText {
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
  } catch {
    // The parser recurses; a text that exhausts the stack is nested far deeper than a definition may be.
    return { root: null, problems: [problemAt(text, 'The text is nested too deeply', 0, 1)] };
  }

  const problems = errors.map((error) =>
    problemAt(text, WORDS[printParseErrorCode(error.error)] ?? 'This is no JSON', error.offset, error.length));
  if (root === undefined || problems.length > 0) {
    return { root: root ?? null, problems: problems.length > 0 ? problems : [problemAt(text, 'The text is empty', 0, 0)] };
  }

  return { root, problems: duplicates(text, root) };
}

/** The node at a place, or null. */
export function nodeAt(root: Node, path: JsonPath): Node | null {
  return findNodeAtLocation(root, [...path]) ?? null;
}

/** The members of an object in their order; a node that is no object has none. */
export function membersOf(node: Node | null): { key: string; keyNode: Node; value: Node }[] {
  if (node?.type !== 'object') {
    return [];
  }

  return (node.children ?? []).flatMap((member) => {
    const [keyNode, value] = member.children ?? [];
    return keyNode !== undefined && value !== undefined ? [{ key: String(keyNode.value), keyNode, value }] : [];
  });
}

/** The text of a string node, or null. */
export function textOf(node: Node | null | undefined): string | null {
  return node?.type === 'string' ? String(node.value) : null;
}

/** Line and column of an offset, both counted from 1. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let index = text.indexOf('\n'); index >= 0 && index < offset; index = text.indexOf('\n', index + 1)) {
    line += 1;
    start = index + 1;
  }

  return { line, column: offset - start + 1 };
}

/** The same JSON on one line, literals as they were written. */
export function compact(text: string, isSpaced = true): string {
  return text.replace(/("(?:[^"\\]|\\.)*")|\s+|([,:])/g, (_, literal?: string, separator?: string) =>
    literal ?? (separator === undefined ? '' : separator + (isSpaced ? ' ' : '')));
}

const LINE_LENGTH = 100;

/** A value as a person would write it: short arrays of plain values on a line, everything else on lines of its own. */
export function print(value: unknown, indent = '  ', eol = '\n', level = 0): string {
  const inner = eol + indent.repeat(level + 1);
  const outer = eol + indent.repeat(level);
  if (Array.isArray(value)) {
    const isPlain = value.every((item) => item === null || typeof item !== 'object');
    const line = `[${value.map((item) => print(item, indent, eol, level)).join(', ')}]`;
    return value.length === 0 || (isPlain && line.length <= LINE_LENGTH)
      ? line
      : `[${inner}${value.map((item) => print(item, indent, eol, level + 1)).join(`,${inner}`)}${outer}]`;
  }

  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value).filter(([, member]) => member !== undefined)
      .map(([key, member]) => `${JSON.stringify(key)}: ${print(member, indent, eol, level + 1)}`);
    return members.length === 0 ? '{}' : `{${inner}${members.join(`,${inner}`)}${outer}}`;
  }

  return JSON.stringify(value) ?? 'null';
}

/** Moves what stands on the second line and after it by whole columns, so that the first line may stand anywhere. */
export function reindent(text: string, from: string, to: string, eol: string): string {
  // No string of JSON holds a line break, so lines may be moved without changing a value.
  return text.split(/\r?\n/)
    .map((line, index) => (index === 0 ? line : to + (line.startsWith(from) ? line.slice(from.length) : line.trimStart())))
    .join(eol);
}

function duplicates(text: string, root: Node): TextProblem[] {
  const problems: TextProblem[] = [];
  const waiting: Node[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const seen = new Set<string>();
    for (const member of membersOf(node)) {
      if (seen.has(member.key)) {
        const { offset, length } = member.keyNode;
        problems.push(problemAt(text, `There are two members named ${JSON.stringify(member.key)}`, offset, length));
      }

      seen.add(member.key);
    }

    waiting.push(...(node.children ?? []));
  }

  return problems;
}

function problemAt(text: string, message: string, offset: number, length: number): TextProblem {
  return { message, offset, length, ...positionOf(text, offset) };
}
