import { lazy, Suspense } from 'react';
import type { CodeEditorProps } from './CodeMirrorEditor';
import './CodeEditor.css';

const Editor = lazy(() => import('./CodeMirrorEditor'));

/** A text with colours and line numbers; the editor is fetched when the first one is shown. */
export function CodeEditor(props: CodeEditorProps) {
  return (
    <div className="code-editor" style={{ minHeight: props.minHeight ?? 160 }}>
      <Suspense fallback={<pre className="code-editor-plain">{props.value}</pre>}>
        <Editor {...props} />
      </Suspense>
    </div>
  );
}
