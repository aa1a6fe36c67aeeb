/** Arrow keys, Home and End on a `role="tablist"`: the tab that gets the focus is shown. */
export function tabKey(event: KeyboardEvent): void {
  const list = event.currentTarget as HTMLElement;
  const tabs = [...list.querySelectorAll<HTMLElement>('[role="tab"]')];
  const at = tabs.findIndex((tab) => tab.tabIndex === 0);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (to === undefined || tabs.length === 0) return;
  event.preventDefault();
  const tab = tabs[(to + tabs.length) % tabs.length]!;
  tab.click();
  tab.focus();
}
