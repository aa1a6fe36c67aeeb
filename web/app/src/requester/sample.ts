import { t } from '../lib/strings/requester-en';
import type { Input, InputFields, Task } from '../lib/types';

/** A task with stand-in values, for a project that has none yet. Media are left out: there is nothing to show. */
export function madeUp(fields: InputFields): Task {
  const input: Input = {};
  for (const [name, { type }] of Object.entries(fields)) {
    if (type === 'text') input[name] = t.project.sampleText;
    else if (type === 'number') input[name] = 42;
    else if (type === 'url') input[name] = 'https://example.org/';
    else if (type === 'json') input[name] = { [name]: '…' };
    else if (type === 'place') input[name] = { latitude: 52.52, longitude: 13.405 };
    else input[name] = null;
  }
  return { id: 'sample', input };
}
