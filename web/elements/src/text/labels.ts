import { type Json, parseLoose } from '../base/loose-json.js';

export interface EntityLabel {
  label: string;
  shortDisplayName: string;
  fullDisplayName: string;
}

const palette = [
  ...['light-dark(#cfe3ff, #234a80)', 'light-dark(#ffdcb8, #6d4013)', 'light-dark(#c9eed2, #1e5836)'],
  ...['light-dark(#f6cfe6, #6d2b55)', 'light-dark(#fff0a8, #5c5010)', 'light-dark(#ded2fb, #4a3784)'],
  ...['light-dark(#c4eeee, #145656)', 'light-dark(#fbcfca, #71302a)', 'light-dark(#dfe8b9, #47541a)'],
  'light-dark(#dedede, #4c5058)',
];

export function colourOf(index: number): string {
  return palette[index % palette.length]!;
}

/** Labels as strings or as `{label, shortDisplayName, fullDisplayName}`, the names being those of the label by default. */
export const entityLabels = {
  fromAttribute: (text: string | null): EntityLabel[] => {
    const list = text === null || text.trim() === '' ? [] : parseLoose(text);
    if (!Array.isArray(list)) throw new TypeError(`a list such as [{label: "person"}] is wanted, not ${text}`);
    return readLabels(list);
  },
};

export function readLabels(list: readonly unknown[]): EntityLabel[] {
  return (list as Json[]).map((entry) => {
    const given = entry !== null && typeof entry === 'object' && !Array.isArray(entry) ? entry : { label: entry };
    const label = String(given['label'] ?? given['name'] ?? '');
    const name = (key: string): string => (typeof given[key] === 'string' && given[key] !== '' ? given[key] : label);
    return { label, shortDisplayName: name('shortDisplayName'), fullDisplayName: name('fullDisplayName') };
  });
}
