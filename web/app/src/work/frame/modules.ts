// The files of the elements, fetched once for all frames: frames without an origin share no cache, neither with each
// other nor with the shell. What they are handed is text that anybody may load.

/** The frame's name tells the page in it that the shell hands over modules; see web/elements/src/loader.js. */
export const handingName = 'crowdsmith-elements';

/** What every page needs. */
export const firstModule = 'elements.js';

/** Whether this is a file that pages may be handed. */
export const isModule = (file: string) => /^(?:elements|chunks\/[\w-]{1,100})\.js$/.test(file);

const texts = new Map<string, Promise<string | null>>();

async function load(file: string): Promise<string | null> {
  try {
    // Its name stays the same whatever is in it; those of the others do not.
    const answer = await fetch(`/elements/${file}`, { cache: file === firstModule ? 'no-cache' : 'default' });
    if (answer.ok) return await answer.text();
  } catch {
    // Without a connection. The page tries by itself, and says what comes of it.
  }
  // After an update of the server the parts that an old file names are gone, so nothing old is kept.
  texts.clear();
  return null;
}

/** The text of a module; null where it cannot be had now. */
export function moduleText(file: string): Promise<string | null> {
  const text = texts.get(file) ?? load(file);
  texts.set(file, text);
  return text;
}
