// Markdown in, HTML and a laid-out PDF back. As a function URL it answers with the PDF itself:
//   curl --data-binary @README.md http://markdown-pdf.localhost:9550/ > readme.pdf
import { parseMarkdown, renderHtml } from './markdown.mjs';
import { renderPdf } from './pdf.mjs';

export async function handler(event) {
  const request = event.requestContext?.http ? fromUrl(event) : event;
  if (typeof request.markdown !== 'string' || request.markdown.trim() === '') {
    throw new TypeError('The event has no text in "markdown".');
  }

  const tokens = parseMarkdown(request.markdown);
  const title = request.title ?? tokens.find((token) => token.type === 'heading')?.text ?? 'Document';
  const { pdf, pages } = await renderPdf(tokens, { title, pageSize: request.pageSize });
  console.log(`${tokens.length} blocks, ${pages} pages, ${pdf.length} bytes`);

  if (event.requestContext?.http) {
    return {
      statusCode: 200,
      headers: { 'content-type': 'application/pdf' },
      body: pdf.toString('base64'),
      isBase64Encoded: true,
    };
  }
  return { title, pages, html: renderHtml(tokens), pdf: pdf.toString('base64') };
}

function fromUrl(event) {
  const body = event.body ?? '';
  return {
    markdown: event.isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
    title: event.queryStringParameters?.title,
    pageSize: event.queryStringParameters?.pageSize,
  };
}
