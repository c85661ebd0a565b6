import { Component, type ReactNode } from 'react';
import { ErrorBox } from './ErrorBox';

/** A screen that fails says so, and leaves the rest of the page as it is. */
export class ScreenBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    return this.state.error === null ? (
      this.props.children
    ) : (
      <div className="page">
        <ErrorBox error={this.state.error} retry={() => location.reload()} />
      </div>
    );
  }
}
