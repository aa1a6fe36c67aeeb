// Elements that Amazon's set does not have. The small ones share a chunk.
import type { Registry } from '../base/registry.js';

const questions = (): Promise<unknown> => import('./questions.js');

export const moreTags: Registry = {
  'crowd-rating': questions,
  'crowd-ranking': questions,
  'crowd-comparison': questions,
  'crowd-consent': questions,
  'crowd-likert': questions,
  'crowd-json': questions,
  'crowd-taxonomy': () => import('./taxonomy.js'),
};
