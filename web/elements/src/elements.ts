// The entry: styles of the page, the small elements at once, the others when a page uses them, and the event that tells
// templates that everything is there.
import type { Registry } from './base/registry.js';
import { theme } from './base/theme.js';
import { startPage } from './base/page.js';
import { drawingTags } from './draw/tags.js';

const registry: Registry = { ...drawingTags };

document.adoptedStyleSheets.unshift(theme.styleSheet!);
void startPage(registry);
