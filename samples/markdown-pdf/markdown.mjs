// Parsing, shared by both outputs. The text may come from anyone: raw HTML becomes text, and a link keeps its address
// only when it is one a reader may safely follow.
import { Marked } from 'marked';

const marked = new Marked({ gfm: true });
const SAFE_ADDRESS = /^(https?:|mailto:|#|[^:]*$)/i;

export function parseMarkdown(text) {
  const tokens = marked.lexer(text);
  marked.walkTokens(tokens, disarm);
  return tokens;
}

export function renderHtml(tokens) {
  return marked.parser(tokens);
}

function disarm(token) {
  if (token.type === 'html') {
    token.type = 'text';
    token.text = token.raw.trimEnd();
    token.escaped = false;
  } else if ((token.type === 'link' || token.type === 'image') && !SAFE_ADDRESS.test(token.href)) {
    token.href = '#';
  }
}

const NAMED = {
  amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', copy: '©',
  mdash: '—', ndash: '–', hellip: '…',
};

/** Markdown allows HTML's character references in text; a PDF has no use for them. */
export function decodeReferences(text) {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hexadecimal, decimal, name) => {
    const code = hexadecimal ? parseInt(hexadecimal, 16) : decimal ? parseInt(decimal, 10) : undefined;
    if (code === undefined) return NAMED[name] ?? whole;
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  });
}
