// Frames of a stack, as they are shown. Pure.
import type { ErrorFrame } from '../../api/errors';

export interface FrameRun {
  /** The place of its first frame in the stack. */
  start: number;
  isApplication: boolean;
  frames: ErrorFrame[];
}

/** Frames that follow each other and are all one's own, or all others'. */
export function frameRuns(frames: ErrorFrame[]): FrameRun[] {
  const runs: FrameRun[] = [];
  frames.forEach((frame, index) => {
    const last = runs.at(-1);
    if (last && last.isApplication === frame.isApplication) last.frames.push(frame);
    else runs.push({ start: index, isApplication: frame.isApplication, frames: [frame] });
  });
  return runs;
}

/** Where a frame is: in its source when that is known. A file alone where there is no line. */
export function placeOf(frame: ErrorFrame): string {
  const { file, line, column } = frame.source ?? frame;
  const name = file.replace(/^file:\/\//, '').replace(/^\/var\/task\//, '');
  if (!name) return frame.text.trim();
  return line > 0 ? `${name}:${line}${column > 0 ? `:${column}` : ''}` : name;
}
