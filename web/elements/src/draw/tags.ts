// Which module defines which drawing element.
import type { Registry } from '../base/registry.js';

export const drawingTags: Registry = {};
