import type { Assignment, WorkDetail } from '../lib/types';

/** Loads the pictures of a suite that comes next, so that they stand there when it does. */
export function preloadPictures(assignment: Assignment, work: WorkDetail): void {
  const fields = Object.entries(work.input).filter(([, field]) => field.type === 'image');
  for (const task of assignment.tasks) {
    for (const [name] of fields) {
      const src = task.input[name];
      if (typeof src === 'string' && src) new Image().src = src;
    }
  }
}
