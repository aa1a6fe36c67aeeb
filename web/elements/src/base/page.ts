// Brings a page to life: loads the modules its tags need, says which tags nobody knows, and announces when all are there.
import type { ReactiveElement } from 'lit';
import { countActivity } from './activity.js';
import type { Registry } from './registry.js';
import { adoptPlainForm } from '../form/plain.js';
import { hasModifier, isTyping } from './keys.js';
import { keepPage } from './links.js';
import { onShell, tellShell } from './shell.js';
import { strings } from './strings.js';

const ours = /^(?:crowd|iron)-/;
/** Tags of real templates that are plain boxes. */
const plain = new Set(['crowd-slider-label']);

/** Loads what the page uses, now and later, and dispatches `all-crowd-elements-ready` on the document. */
export async function startPage(registry: Registry): Promise<void> {
  passKeys();
  keepPage();
  countActivity();
  onShell('options', ({ scheme }) => {
    if (scheme) document.documentElement.style.colorScheme = scheme === 'auto' ? 'light dark' : scheme;
  });
  if (document.readyState === 'loading') {
    await new Promise((done) => document.addEventListener('DOMContentLoaded', done, { once: true }));
  }
  nameDocument();
  adoptPlainForm();
  const loaded = new Map<string, Promise<unknown>>();
  const bring = (tag: string): Promise<unknown> => {
    let promise = loaded.get(tag);
    if (!promise) loaded.set(tag, (promise = load(tag, registry)));
    return promise;
  };
  new MutationObserver((records) => {
    for (const node of records.flatMap((record) => [...record.addedNodes])) {
      if (node instanceof Element) for (const tag of tagsIn(node)) void bring(tag);
    }
  }).observe(document, { childList: true, subtree: true });
  reportHeight();
  await Promise.all([...tagsIn(document)].map(bring));
  await rendered();
  document.dispatchEvent(new CustomEvent('all-crowd-elements-ready', { bubbles: true }));
  tellShell('ready', {});
}

/** Templates are often fragments; what reads a page aloud needs its language and name, which are those of the elements then. */
function nameDocument(): void {
  document.documentElement.lang ||= 'en';
  document.title ||= strings.task;
}

function tagsIn(root: Document | Element): Set<string> {
  const tags = new Set<string>();
  const add = (element: Element): void => {
    if (ours.test(element.localName) && !plain.has(element.localName)) tags.add(element.localName);
  };
  if (root instanceof Element) add(root);
  root.querySelectorAll('*').forEach(add);
  return tags;
}

async function load(tag: string, registry: Registry): Promise<void> {
  if (customElements.get(tag)) return;
  const module = registry[tag];
  if (!module) return void explainUnknown(tag);
  try {
    await module();
  } catch (error) {
    explain(tag, strings.loadProblem(tag));
    console.error(error);
  }
}

/** A template may define elements of its own, perhaps late; so the complaint waits until the page has loaded. */
async function explainUnknown(tag: string): Promise<void> {
  if (document.readyState !== 'complete') {
    await new Promise((done) => window.addEventListener('load', done, { once: true }));
  }
  if (customElements.get(tag)) return;
  const notes = explain(tag, strings.unknownElement(tag));
  await customElements.whenDefined(tag);
  for (const note of notes) note.remove();
}

function explain(tag: string, message: string): Element[] {
  tellShell('problem', { message });
  return [...document.querySelectorAll(tag)].map((element) => {
    const note = document.createElement('p');
    note.className = 'crowd-message';
    note.setAttribute('role', 'alert');
    note.textContent = message;
    element.before(note);
    return note;
  });
}

async function rendered(): Promise<void> {
  const elements = [...document.querySelectorAll('*')].filter((element) => ours.test(element.localName));
  await Promise.all(elements.map((element) => (element as Partial<ReactiveElement>).updateComplete));
}

/** The shell makes the frame as tall as its content. */
function reportHeight(): void {
  new ResizeObserver(() => {
    tellShell('height', { height: Math.ceil(document.documentElement.getBoundingClientRect().height) });
  }).observe(document.documentElement);
}

/** Keys that nothing in the page wanted are the shell's: `?` for help, letters for its commands. Never typed text. */
function passKeys(): void {
  window.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || hasModifier(event) || isTyping(event)) return;
    if (event.key.length === 1 || event.key === 'Escape' || event.key === 'Backspace')
      tellShell('key', { key: event.key });
  });
}
