import { visible } from './text';
import './Changes.css';

export interface Change {
  field: string;
  /** Null: it was not there. */
  before: string | null;
  /** Null: it goes. */
  after: string | null;
}

/** What would change, before it does: each setting as it is and as it would be. */
export function Changes({ changes }: { changes: Change[] }) {
  return (
    <table className="changes">
      <thead>
        <tr><th scope="col">Setting</th><th scope="col">Now</th><th scope="col">Then</th></tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.field}>
            <th scope="row">{visible(change.field)}</th>
            <td>{change.before === null ? <span className="faint">none</span> : <del>{visible(change.before)}</del>}</td>
            <td>{change.after === null ? <span className="changes-gone">removed</span> : <ins>{visible(change.after)}</ins>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
