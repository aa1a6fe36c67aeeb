// Who gets a key: what is being typed stays where it is typed.

const typed = new Set(['checkbox', 'radio', 'button', 'submit', 'reset', 'range', 'color', 'file', 'image']);
const eager =
  'a[href], button, summary, select, video, audio, [role="button"], [role="tab"], [role="option"], [data-own-keys]';

/** The element that a key press is for, inside all shadow trees. */
function origin(event: Event): Element | null {
  const [first] = event.composedPath();
  return first instanceof Element ? first : null;
}

/** Whether the key press goes into a text. */
export function isTyping(event: Event): boolean {
  const element = origin(event);
  if (element instanceof HTMLInputElement) return !typed.has(element.type);
  return (
    element instanceof HTMLTextAreaElement ||
    element instanceof HTMLSelectElement ||
    (element instanceof HTMLElement && element.isContentEditable)
  );
}

/** Whether something with the focus does something of its own at Enter, or is a dialog. */
export function keyOwner(event: Event): boolean {
  return event
    .composedPath()
    .some((part) => part instanceof Element && (part.matches(eager) || part.matches('dialog')));
}

/** Whether a modifier makes this a command of the browser or the shell. */
export function hasModifier(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey || event.altKey;
}
