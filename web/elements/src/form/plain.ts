// Pages from before Crowd HTML Elements: a plain `<form>`, posted by the browser. Mechanical Turk took its fields as a
// browser sends them, several of one name joined by "|", without the assignment's id.
import type { Output } from '../base/shell.js';
import type { Control } from './fields.js';
import { isControl } from './fields.js';

const separator = '|';

/** Puts a crowd-form around the form of a page that has nothing of ours to submit with. */
export function adoptPlainForm(): void {
  if (document.querySelector('crowd-form, crowd-entity-annotation')) return;
  const form = document.querySelector<HTMLFormElement>('form#mturk_form, form');
  if (!form) return;
  const around = document.createElement('crowd-form');
  around.setAttribute('answer-format', 'form-data');
  const place = document.createComment('form');
  form.replaceWith(place);
  // Filled before it is connected: that is when it looks at its children.
  around.append(form);
  place.replaceWith(around);
}

/** What a browser would send, with the button that was pressed. */
export function formDataOutput(form: HTMLFormElement, submitter: HTMLElement | null): Output {
  const output: Output = {};
  for (const [name, value] of new FormData(form, form.contains(submitter) ? submitter : null)) {
    if (name === 'assignmentId') continue;
    const text = typeof value === 'string' ? value : value.name;
    output[name] = name in output ? `${String(output[name])}${separator}${text}` : text;
  }
  return output;
}

/** Puts back what `formDataOutput` gave. */
export function restoreFormData(form: HTMLFormElement, output: Output): void {
  for (const control of [...form.elements].filter((element) => isControl(element))) {
    if (control.name in output) restoreControl(control, String(output[control.name]));
    else if (control instanceof HTMLInputElement && /^(?:checkbox|radio)$/.test(control.type)) control.checked = false;
  }
}

function restoreControl(control: Control, text: string): void {
  const chosen = text.split(separator);
  if (control instanceof HTMLSelectElement) {
    for (const option of control.options) option.selected = chosen.includes(option.value);
  } else if (/^(?:checkbox|radio)$/.test(control.type)) {
    (control as HTMLInputElement).checked = chosen.includes(control.value);
  } else if (control.type !== 'file') control.value = text;
}
