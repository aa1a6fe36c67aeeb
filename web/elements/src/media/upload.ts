// Media go through the shell: the page itself may not reach the network, nor, having no origin, camera and microphone.
import { inShell, type MediaKind, onShell, tellShell, type Uploaded } from '../base/shell.js';

let count = 0;

/** Gives a file for the field `name` to the shell to be stored; alone, the file stays in the page. */
export function upload(name: string, file: Blob, kind: MediaKind): Promise<Uploaded> {
  const own = { type: file.type, size: file.size };
  if (!inShell) return Promise.resolve({ ...own, url: URL.createObjectURL(file) });
  const id = `upload-${++count}`;
  const answer = answerFor(id);
  tellShell('upload', { id, name, file, kind });
  return answer.then((uploaded) => ({ ...own, ...uploaded }));
}

/** Asks the shell to record something for the field `name` and to store it. */
export function capture(name: string, kind: MediaKind, maxDuration: number | null): Promise<Uploaded> {
  const id = `capture-${++count}`;
  const answer = answerFor(id);
  tellShell('capture', { id, name, kind, maxDuration });
  return answer;
}

/** Whether the page may use camera and microphone itself. */
export const mayRecord = window.origin !== 'null';

function answerFor(id: string): Promise<Uploaded> {
  return new Promise((resolve) => {
    const end = onShell('uploaded', ({ id: answered, ...uploaded }) => {
      if (answered !== id) return;
      end();
      resolve(uploaded);
    });
  });
}
