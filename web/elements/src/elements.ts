// The entry: the page's styles, the small elements at once, the others when a page uses them, and the event that tells
// templates that everything is there.
import './choice/classifier.js';
import './fields/button.js';
import './fields/radio.js';
import './fields/slider.js';
import './fields/text.js';
import './fields/tick.js';
import './form/form.js';
import './layout/instructions.js';
import { startPage } from './base/page.js';
import type { Registry } from './base/registry.js';
import { theme } from './base/theme.js';
import { drawingTags } from './draw/tags.js';
import { mediaTags } from './media/tags.js';
import { moreTags } from './more/tags.js';

const layout = (): Promise<unknown> => import('./layout/index.js');
const imageClassifier = (): Promise<unknown> => import('./choice/image-classifier.js');

const registry: Registry = {
  'crowd-alert': layout,
  'crowd-badge': layout,
  'crowd-card': layout,
  'crowd-fab': layout,
  'crowd-icon-button': layout,
  'crowd-modal': layout,
  'crowd-tab': layout,
  'crowd-tabs': layout,
  'crowd-toast': layout,
  'iron-icon': layout,
  'crowd-image-classifier': imageClassifier,
  'crowd-image-classifier-multi-select': imageClassifier,
  'crowd-rekognition-detect-moderation-labels': () => import('./choice/moderation-labels.js'),
  'crowd-textract-analyze-document': () => import('./choice/document.js'),
  'crowd-entity-annotation': () => import('./text/entity-annotation.js'),
  'crowd-relation-annotation': () => import('./text/relation-annotation.js'),
  'crowd-text-ranking': () => import('./text/text-ranking.js'),
  'crowd-question-answer-generation': () => import('./text/question-answer.js'),
  ...mediaTags,
  ...moreTags,
  ...drawingTags,
};

document.adoptedStyleSheets.unshift(theme.styleSheet!);
void startPage(registry);
