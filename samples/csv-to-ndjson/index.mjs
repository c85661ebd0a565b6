// CSV in, one JSON object for each row out, streamed: the first rows leave while the rest is still read, and a reader
// that is slow slows the conversion down instead of filling memory.
import { once } from 'node:events';
import { parseCsv, nameColumns, typed } from './csv.mjs';

const FLUSH_CHARACTERS = 16 * 1024;

export const handler = awslambda.streamifyResponse(async (event, responseStream) => {
  const query = event.queryStringParameters ?? {};
  const text = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString('utf8') : event.body ?? '';
  const rows = parseCsv(text.replace(/^\uFEFF/, ''), query.delimiter ?? ',');
  let names;
  try {
    names = nameColumns(rows.next().value?.fields ?? refuse('The body holds no CSV.'));
  } catch (error) {
    open(responseStream, 400, 'application/json').end(JSON.stringify({ message: error.message }));
    return;
  }

  const stream = open(responseStream, 200, 'application/x-ndjson');
  let buffer = '';
  let count = 0;
  try {
    for (const { line, fields } of rows) {
      if (fields.length !== names.length) {
        throw new Error(`Line ${line} has ${fields.length} fields, the header has ${names.length}.`);
      }
      const values = query.types === 'text' ? fields : fields.map(typed);
      buffer += JSON.stringify(Object.fromEntries(names.map((name, index) => [name, values[index]]))) + '\n';
      count++;
      if (buffer.length >= FLUSH_CHARACTERS) {
        // A full stream asks to wait until it has drained.
        if (!stream.write(buffer)) await once(stream, 'drain');
        buffer = '';
      }
    }
  } catch (error) {
    if (stream.destroyed) throw error;
    // The status has left already, so the last line of the stream says what happened.
    buffer += JSON.stringify({ error: error.message }) + '\n';
  }
  stream.end(buffer);
  console.log(`${count} rows of ${names.length} columns`);
});

function open(responseStream, statusCode, contentType) {
  return awslambda.HttpResponseStream.from(responseStream, { statusCode, headers: { 'content-type': contentType } });
}

function refuse(message) {
  throw new SyntaxError(message);
}
