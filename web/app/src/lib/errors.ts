import { Problem, Unreachable } from './http';
import { t } from './strings/en';

/** An error in words for the person in front of the page. */
export function sayError(error: unknown): string {
  if (error instanceof Unreachable) return t.errors.unreachable;
  if (error instanceof Problem) {
    if (error.status === 403 && !error.detail) return t.errors.forbidden;
    return error.detail || error.title;
  }
  console.error(error);
  return t.errors.unexpected;
}
