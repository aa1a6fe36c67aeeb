// How often the worker does something in this page, for a shell that asks for it: counts, never keys, texts or places.
import { type Activity, onShell, tellShell } from './shell.js';

/** Reports wait so long for more, in milliseconds; the first one does not wait. */
const pause = 500;
/** Scrolling without a break of this length counts once. */
const scrollBreak = 250;

const none: Activity = { keys: 0, clicks: 0, scrolls: 0, pastes: 0 };
let counts = { ...none };
let timer: ReturnType<typeof setTimeout> | undefined;

/** Sends what has been counted since the last report. */
export function tellActivity(): void {
  if (Object.values(counts).every((count) => count === 0)) return;
  tellShell('activity', counts);
  counts = { ...none };
}

function count(what: keyof Activity): void {
  counts[what] += 1;
  if (timer !== undefined) return;
  tellActivity();
  timer = setTimeout(() => {
    timer = undefined;
    tellActivity();
  }, pause);
}

function listen(): void {
  let lastScroll = -Infinity;
  const on = (type: string, heard: (event: Event) => void): void =>
    window.addEventListener(type, heard, { capture: true, passive: true });
  on('keydown', (event) => (event as KeyboardEvent).repeat || count('keys'));
  on('pointerdown', () => count('clicks'));
  on('paste', () => count('pastes'));
  on('scroll', ({ timeStamp }) => {
    if (timeStamp - lastScroll > scrollBreak) count('scrolls');
    lastScroll = timeStamp;
  });
}

/** Begins to count when the shell asks for it. */
export function countActivity(): void {
  const end = onShell('options', ({ activity }) => {
    if (!activity) return;
    end();
    listen();
  });
}
