// Text that somebody else wrote. React escapes it; what it does not do is show what cannot be seen.

const names: Record<number, string> = { 0x1b: '␛', 0x07: '␇', 0x08: '␈', 0x00: '␀', 0x7f: '␡', 0x0d: '␍' };

/** Control characters, and those that turn the direction of text, as visible signs. Line ends and tabs stay. */
export function visible(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.charCodeAt(0);
    return (
      names[code] ?? (code < 0x20 ? String.fromCharCode(0x2400 + code) : `\\u${code.toString(16).padStart(4, '0')}`)
    );
  });
}

/** The beginning of a text, with an ellipsis when it goes on. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** Percent-encoded text as it was, or as it is when it is not well encoded. */
export function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
