/**
 * Rows of a CSV text (RFC 4180) one after the other, with the line each begins on. Fields may be quoted, and then hold
 * delimiters, line breaks and doubled quotes. Empty lines are skipped.
 */
export function* parseCsv(text, delimiter) {
  if (delimiter.length !== 1 || delimiter === '"') throw new RangeError('The delimiter is one character, not a quote.');
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const start = line;
    const fields = [];
    for (let more = true; more;) {
      let field;
      if (text[at] === '"') {
        const end = closingQuote(text, at + 1, start);
        field = text.slice(at + 1, end).replaceAll('""', '"');
        line += field.split('\n').length - 1;
        at = end + 1;
        if (at < text.length && !`${delimiter}\r\n`.includes(text[at])) {
          throw new SyntaxError(`Line ${line}: text follows a closing quote.`);
        }
      } else {
        const begin = at;
        while (at < text.length && text[at] !== delimiter && text[at] !== '\n') at++;
        field = text.slice(begin, at).replace(/\r$/, '');
      }
      fields.push(field);
      if (text[at] === '\r') at++;
      more = text[at] === delimiter;
      at++;
    }
    line++;
    if (fields.length > 1 || fields[0] !== '') yield { line: start, fields };
  }
}

function closingQuote(text, at, line) {
  for (; ; at += 2) {
    at = text.indexOf('"', at);
    if (at < 0) throw new SyntaxError(`Line ${line}: a quoted field is not closed.`);
    if (text[at + 1] !== '"') return at;
  }
}

/** Every column gets a name, and no two the same. */
export function nameColumns(fields) {
  const seen = new Map();
  return fields.map((field, index) => {
    const name = field.trim() || `column${index + 1}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name}_${times}`;
  });
}

/** Numbers, truth values and nothing become what they are; 007 and 1e999 stay text, as a number would lose them. */
export function typed(field) {
  if (field === '') return null;
  if (field === 'true' || field === 'false') return field === 'true';
  if (/^-?(0|[1-9]\d*)(\.\d+)?$/.test(field) && field.replace(/[-.]/g, '').length <= 15) return Number(field);
  return field;
}
