// Number keys, then letters, choose among options. With several choices on a page the key goes to the one that holds the
// focus, else to the first that has no answer yet.
import { hasModifier, isTyping } from './keys.js';

export interface ChoiceTarget extends HTMLElement {
  readonly answered: boolean;
  /** Chooses the option at that place, counted from 0; false when there is none. */
  chooseAt(index: number): boolean;
}

const targets = new Set<ChoiceTarget>();
export const optionKeys = '1234567890abcdefghijklmnopqrstuvwxyz';

/** The key of the option at that place, '' when keys have run out. */
export function keyOf(index: number): string {
  return optionKeys[index] ?? '';
}

/**
 * Says that the worker has chosen: a form with nothing else to ask may go on. After a tap it waits until one has seen what
 * was chosen.
 */
export function tellChosen(target: ChoiceTarget, by: 'key' | 'tap'): void {
  target.dispatchEvent(new CustomEvent('crowd-chosen', { bubbles: true, composed: true, detail: by }));
}

/** For clicks on the label of a radio button. Arrow keys click too, but they only look at the next option. */
export function tellTap(target: ChoiceTarget, event: MouseEvent): void {
  if (event.detail > 0) tellChosen(target, 'tap');
}

export function listenForChoices(target: ChoiceTarget): void {
  if (targets.size === 0) document.addEventListener('keydown', onKey);
  targets.add(target);
}

export function stopListening(target: ChoiceTarget): void {
  targets.delete(target);
  if (targets.size === 0) document.removeEventListener('keydown', onKey);
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || hasModifier(event) || isTyping(event) || event.key.length !== 1) return;
  const index = optionKeys.indexOf(event.key.toLowerCase());
  if (index < 0 || document.querySelector('dialog[open]')) return;
  const target = targetOf(event);
  if (target?.chooseAt(index)) event.preventDefault();
}

function targetOf(event: Event): ChoiceTarget | undefined {
  const path = event.composedPath();
  const inOrder = [...targets].sort((one, other) =>
    one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1,
  );
  return inOrder.find((target) => path.includes(target)) ?? inOrder.find((target) => !target.answered) ?? inOrder[0];
}
