// The page's side of the talk with the shell, the web app that shows this page in a sandboxed frame. The page's origin is
// opaque, so messages go to any origin; what comes in is believed only from the parent window.

export type Output = Record<string, unknown>;

export type MediaKind = 'audio' | 'video' | 'photo' | 'file';

export interface ToShell {
  ready: object;
  change: { output: Output };
  /** `order`: the options of each shuffled question in the order in which they were shown. */
  submit: { output: Output; order?: Record<string, string[]> };
  invalid: { message: string };
  height: { height: number };
  key: { key: string };
  problem: { message: string };
  upload: { id: string; name: string; file: Blob; kind: MediaKind };
  capture: { id: string; name: string; kind: MediaKind; maxDuration: number | null };
  activity: Activity;
}

/** How often the worker did something since the last report; never what. */
export interface Activity {
  keys: number;
  clicks: number;
  scrolls: number;
  pastes: number;
}

/** What became of an upload or a capture: the stored media and how to show it, or why there is none. */
export interface Uploaded {
  media?: string;
  url?: string;
  type?: string;
  size?: number;
  /** Seconds, of a recording. */
  duration?: number;
  error?: string;
}

export interface Options {
  /** Whether a number key or a tap that answers the page's only question also submits. */
  submitOnChoice?: boolean;
  scheme?: 'light' | 'dark' | 'auto';
  /** Shuffles the options of choices, for the same text always in the same way. */
  shuffle?: string;
  /** Whether to report `activity`. */
  activity?: boolean;
  /** The shell has a Submit button of its own: one that the page did not ask for is hidden. */
  hasButton?: boolean;
}

export interface FromShell {
  restore: { output: Output };
  submit: object;
  errors: { errors: Record<string, string> };
  options: Options;
  uploaded: Uploaded & { id: string };
}

/** The window around this one; `top` if a script of the template has taken the name `parent` for something else. */
const shell: Window =
  typeof (window.parent as Partial<Window> | undefined)?.postMessage === 'function' ? window.parent : window.top!;

/** Whether the page is shown inside a shell; alone it shows its output instead of sending it. */
export const inShell = shell !== window;

export function tellShell<Kind extends keyof ToShell>(kind: Kind, message: ToShell[Kind]): void {
  if (inShell) shell.postMessage({ crowdsmith: kind, ...message }, '*');
}

/** Calls `answer` for each message of that kind; the returned function ends it. */
export function onShell<Kind extends keyof FromShell>(
  kind: Kind,
  answer: (message: FromShell[Kind]) => void,
): () => void {
  const listener = (event: MessageEvent): void => {
    if (!inShell || event.source !== shell || event.data?.crowdsmith !== kind) return;
    answer(event.data as FromShell[Kind]);
  };
  window.addEventListener('message', listener);
  return () => window.removeEventListener('message', listener);
}
