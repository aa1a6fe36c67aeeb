// The fields of a form: answer elements and HTML's own controls, in the order of the page.
import { AnswerElement } from '../base/answer.js';
import { TaskElement } from '../base/header.js';

export type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
export type Field = AnswerElement | Control;

const silent = new Set(['submit', 'reset', 'button', 'image']);

/** Every field below `root`, named or not; `host` is a field that holds the form instead of standing in it. */
export function fieldsIn(root: ParentNode, host: AnswerElement | null = null): Field[] {
  const found = host ? [host as Field, ...fieldsIn(host)] : [];
  for (const element of root.querySelectorAll('*')) {
    if (element instanceof AnswerElement || isControl(element)) found.push(element);
  }
  return found;
}

export function isControl(element: unknown): element is Control {
  if (element instanceof HTMLInputElement) return !silent.has(element.type);
  return element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement;
}

/**
 * The field's key in the output; a task's tool without a name goes by its tag and a radio button by its group, so that
 * their answers are not lost.
 */
export function nameOf(field: Field): string {
  if (field.name || field instanceof TaskElement) return field.name || field.localName;
  const group = field.localName === 'crowd-radio-button' ? field.closest('crowd-radio-group') : null;
  return group?.getAttribute('name') ?? '';
}

/** What the field adds to the output under its name; `undefined` is nothing. */
export function answerOf(field: Field): unknown {
  if (field instanceof AnswerElement) return field._submittableValue;
  if (field.disabled) return undefined;
  if (field instanceof HTMLSelectElement && field.multiple) {
    return Array.from(field.selectedOptions, (option) => option.value);
  }
  if (field instanceof HTMLInputElement && isTick(field)) return { [field.value]: field.checked };
  if (field instanceof HTMLInputElement && field.type === 'file') {
    return Array.from(field.files ?? [], (file) => file.name).join(', ') || undefined;
  }
  return field.value;
}

/** Puts back what `answerOf` gave. */
export function restoreField(field: Field, answer: unknown): void {
  if (field instanceof AnswerElement) field.restore(answer);
  else if (field instanceof HTMLSelectElement) {
    const chosen = new Set([answer].flat().map(String));
    for (const option of field.options) option.selected = chosen.has(option.value);
  } else if (field instanceof HTMLInputElement && isTick(field)) {
    field.checked = (answer as Record<string, unknown> | null)?.[field.value] === true;
  } else if (field.type !== 'file') field.value = String(answer);
}

/** A sentence when the field keeps the form from being submitted, else null. */
export function problemOf(field: Field): string | null {
  if (field instanceof AnswerElement) return field.hidden ? null : field.validate();
  return field.checkValidity() ? null : field.validationMessage;
}

/** How a message names the field. */
export function captionOf(field: Field): string {
  if (field instanceof AnswerElement) return field.caption;
  // The label of a choice is one of the answers, not the question.
  const question = field.closest('fieldset')?.querySelector('legend')?.textContent?.trim();
  if (field instanceof HTMLInputElement && isTick(field)) return question || field.name;
  return field.labels?.[0]?.textContent?.trim() || field.getAttribute('aria-label') || field.name;
}

function isTick(input: HTMLInputElement): boolean {
  return input.type === 'checkbox' || input.type === 'radio';
}
