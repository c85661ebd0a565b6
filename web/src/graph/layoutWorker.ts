import { readDocument } from '../asl/document';
import type { DrawnTrigger } from './drawing';
import { layout } from './layout';

/** Lays large drawings out beside the page, so that it goes on answering meanwhile. */
interface LayoutRequest {
  id: number;
  text: string;
  triggers: readonly DrawnTrigger[];
}

self.addEventListener('message', (event: MessageEvent<LayoutRequest>) => {
  const { id, text, triggers } = event.data;
  const document = readDocument(text).document;
  self.postMessage({ id, drawing: document === null ? null : layout(document, triggers) });
});
