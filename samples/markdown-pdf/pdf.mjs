// Lays Markdown tokens out on pages. One function per kind of block; each leaves `doc.y` below what it drew.
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import PDFDocument from 'pdfkit';
import { decodeReferences } from './markdown.mjs';

const fonts = path.join(path.dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
const FACES = {
  text: 'DejaVuSans', 'text-bold': 'DejaVuSans-Bold',
  'text-italic': 'DejaVuSans-Oblique', 'text-bold-italic': 'DejaVuSans-BoldOblique',
  code: 'DejaVuSansMono', 'code-bold': 'DejaVuSansMono-Bold',
  'code-italic': 'DejaVuSansMono-Oblique', 'code-bold-italic': 'DejaVuSansMono-BoldOblique',
};
const PAGE_SIZES = ['A3', 'A4', 'A5', 'LETTER', 'LEGAL'];
const MARGIN = 56;
const BODY_SIZE = 10;
const HEADING_SIZES = [0, 20, 16, 13, 11.5, 10.5, 10];
const INK = '#1f2328';
const FAINT = '#59636e';
const LINE = '#d1d9e0';
const SHADE = '#f6f8fa';
const LINK = '#0969da';

export async function renderPdf(tokens, { title, pageSize = 'A4' }) {
  if (!PAGE_SIZES.includes(pageSize)) throw new RangeError(`"pageSize" is one of ${PAGE_SIZES.join(', ')}.`);
  const doc = new PDFDocument({
    size: pageSize, margin: MARGIN, bufferPages: true, font: null, lang: 'en',
    info: { Title: title, Producer: 'markdown-pdf' },
  });
  for (const [face, file] of Object.entries(FACES)) doc.registerFont(face, path.join(fonts, `${file}.ttf`));

  const chunks = [];
  doc.on('data', (chunk) => chunks.push(chunk));
  const ended = once(doc, 'end');
  blocks(doc, tokens, { left: MARGIN, width: doc.page.width - 2 * MARGIN, color: INK });
  const pages = numberPages(doc);
  doc.end();
  await ended;
  return { pdf: Buffer.concat(chunks), pages };
}

function blocks(doc, tokens, area) {
  for (const token of tokens) BLOCKS[token.type]?.(doc, token, area);
}

const BLOCKS = { heading, paragraph, text: paragraph, code, list, blockquote, table, hr: rule };

function heading(doc, token, area) {
  const size = HEADING_SIZES[token.depth];
  // A heading alone at the foot of a page belongs on the next one.
  room(doc, size * 4);
  if (doc.y > doc.page.margins.top) doc.y += size * 0.5;
  if (token.depth <= 3) doc.outline.addItem(decodeReferences(token.text));
  inline(doc, token.tokens, area, { size, bold: true });
  doc.y += size * 0.35;
}

function paragraph(doc, token, area) {
  inline(doc, token.tokens ?? [token], area, { size: BODY_SIZE });
  doc.y += area.tight ? 2 : BODY_SIZE * 0.7;
}

function code(doc, token, area) {
  const padding = 6;
  const size = BODY_SIZE - 1.5;
  const width = area.width - 2 * padding;
  doc.font('code').fontSize(size);
  // Line by line, so that a long listing runs over the page's end with its background.
  for (const line of token.text.replaceAll('\t', '    ').split('\n')) {
    const height = doc.heightOfString(line || ' ', { width }) + 1;
    room(doc, height);
    const top = doc.y;
    doc.rect(area.left, top, area.width, height).fill(SHADE);
    doc.fillColor(INK).text(line || ' ', area.left + padding, top + 1, { width });
    doc.y = top + height;
  }
  doc.y += BODY_SIZE * 0.8;
}

function list(doc, token, area) {
  const indent = token.ordered ? 20 : 14;
  token.items.forEach((item, index) => {
    room(doc, BODY_SIZE * 1.5);
    const mark = item.task ? (item.checked ? '☑' : '☐') : token.ordered ? `${(token.start || 1) + index}.` : '•';
    const top = doc.y;
    doc.font('text').fontSize(BODY_SIZE).fillColor(area.color);
    doc.text(mark, area.left, top, { width: indent, lineBreak: false });
    doc.y = top;
    const inner = { ...area, left: area.left + indent, width: area.width - indent, tight: !token.loose };
    blocks(doc, item.tokens.filter((part) => part.type !== 'checkbox'), inner);
    doc.y = Math.max(doc.y, top + BODY_SIZE);
  });
  if (!area.tight) doc.y += BODY_SIZE * 0.5;
}

function blockquote(doc, token, area) {
  const top = doc.y;
  const firstPage = lastPage(doc);
  blocks(doc, token.tokens, { ...area, left: area.left + 14, width: area.width - 14, color: FAINT });
  const bottom = doc.y - BODY_SIZE * 0.5;
  // The bar is drawn afterwards, on each page the quotation came to stand on.
  for (let page = firstPage; page <= lastPage(doc); page++) {
    doc.switchToPage(page);
    const from = page === firstPage ? top : doc.page.margins.top;
    const to = page === lastPage(doc) ? bottom : doc.page.height - doc.page.margins.bottom;
    doc.rect(area.left, from, 3, to - from).fill(LINE);
  }
}

function table(doc, token, area) {
  const rows = [token.header, ...token.rows];
  const longest = token.header.map((_, column) =>
    Math.min(48, Math.max(9, ...rows.map((row) => plain(row[column].tokens).length))));
  const sum = longest.reduce((total, length) => total + length, 0);
  doc.font('text').fontSize(BODY_SIZE - 1);
  doc.x = area.left;
  doc.table({
    columnStyles: longest.map((length, column) => ({
      width: (area.width * length) / sum,
      align: token.align[column] ?? 'left',
    })),
    defaultStyle: { padding: [3, 5], borderColor: LINE, border: 0.7, textColor: INK },
    data: rows.map((row, index) => row.map((cell) => cellOf(cell, index === 0))),
  });
  doc.y += BODY_SIZE;
}

function cellOf(cell, isHeader) {
  const [only] = cell.tokens.length === 1 ? cell.tokens : [];
  const text = plain(cell.tokens);
  if (isHeader) return { text, backgroundColor: SHADE, font: { src: 'text-bold' } };
  if (only?.type === 'codespan') return { text, font: { src: 'code' } };
  if (only?.type === 'strong') return { text, font: { src: 'text-bold' } };
  if (only?.type === 'link') return { text, textColor: LINK, textOptions: { link: only.href } };
  return { text };
}

function rule(doc, _token, area) {
  room(doc, BODY_SIZE * 2);
  doc.moveTo(area.left, doc.y + 4).lineTo(area.left + area.width, doc.y + 4).lineWidth(1).stroke(LINE);
  doc.y += BODY_SIZE * 1.4;
}

/** Text with its styles: flattened into runs, which PDFKit continues on one line and wraps. */
function inline(doc, tokens, area, { size, bold = false }) {
  const runs = flatten(tokens, { bold });
  doc.x = area.left;
  runs.forEach((run, index) => {
    if (run.text === '\n') return;
    const slant = `${run.bold ? '-bold' : ''}${run.italic ? '-italic' : ''}`;
    doc.font(`${run.code ? 'code' : 'text'}${slant}`).fontSize(run.code ? size * 0.92 : size);
    doc.fillColor(run.href ? LINK : area.color);
    doc.text(run.text, {
      width: area.width, lineGap: size * 0.25, continued: index + 1 < runs.length && runs[index + 1].text !== '\n',
      link: run.href ?? null, underline: Boolean(run.href), strike: Boolean(run.strike),
    });
  });
  doc.x = area.left;
}

function flatten(tokens, style) {
  return tokens.flatMap((token) => {
    switch (token.type) {
      case 'strong': return flatten(token.tokens, { ...style, bold: true });
      case 'em': return flatten(token.tokens, { ...style, italic: true });
      case 'del': return flatten(token.tokens, { ...style, strike: true });
      case 'link': return flatten(token.tokens, { ...style, href: token.href });
      case 'codespan': return [{ ...style, code: true, text: decodeReferences(token.text) }];
      case 'image': return [{ ...style, italic: true, text: `[${token.text || 'image'}]` }];
      case 'br': return [{ ...style, text: '\n' }];
      default:
        return token.tokens
          ? flatten(token.tokens, style)
          : [{ ...style, text: decodeReferences(token.text ?? '').replace(/\s*\n\s*/g, ' ') }];
    }
  }).filter((run) => run.text !== '');
}

const plain = (tokens) => flatten(tokens, {}).map((run) => run.text).join('');

const lastPage = (doc) => {
  const range = doc.bufferedPageRange();
  return range.start + range.count - 1;
};

function room(doc, height) {
  if (doc.y + height > doc.page.height - doc.page.margins.bottom) doc.addPage();
}

function numberPages(doc) {
  const { count } = doc.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    doc.switchToPage(page);
    const { height, width } = doc.page;
    // Below the bottom margin, where text would otherwise start another page.
    doc.page.margins.bottom = 0;
    doc.font('text').fontSize(8).fillColor(FAINT);
    doc.text(`${page + 1} / ${count}`, MARGIN, height - MARGIN / 2, { width: width - 2 * MARGIN, align: 'center' });
    doc.page.margins.bottom = MARGIN;
  }
  return count;
}
