// Shows the folder's page in a frame, again after each change, and what it would submit. Talks with the page as the
// workers' shell does (web/elements/README.md).

const part = (id) => document.getElementById(id);
const frame = part('page');
const EVERY = 500;

let version = '';
let task = 0;
let count = 0;
/** The answer so far, to give it back to the page when its file changed. */
let draft;

function say(text) {
  part('state').textContent = text;
  part('state').classList.add('shown');
  setTimeout(() => part('state').classList.remove('shown'), 2000);
}

function send(message, transfer) {
  frame.contentWindow?.postMessage(message, '*', transfer);
}

function show(reason) {
  frame.src = `/task/${task}?${Date.now()}`;
  part('tasks').value = String(task);
  part('previous').disabled = task === 0;
  part('next').disabled = task >= count - 1;
  answer(undefined, 'Nothing yet: answer the question in the page.');
  part('mistakes').querySelectorAll('.of-page').forEach((item) => item.remove());
  tellNone();
  if (reason) say(reason);
}

function answer(output, state) {
  part('output-state').textContent = state;
  part('output').hidden = output === undefined;
  part('output').textContent = output === undefined ? '' : JSON.stringify(output, null, 2);
}

function mistake(severity, place, message, ofPage) {
  const item = document.createElement('li');
  item.className = severity;
  if (ofPage) item.classList.add('of-page');
  const where = document.createElement('b');
  where.textContent = place;
  item.append(where, message);
  part('mistakes').append(item);
}

function tellNone() {
  part('mistakes').querySelector('.none')?.remove();
  if (part('mistakes').children.length) return;
  const item = document.createElement('li');
  item.className = 'none';
  item.textContent = 'None found.';
  part('mistakes').append(item);
}

function take(state) {
  const first = version === '';
  version = state.version;
  document.title = `${state.title ?? state.name} · Preview`;
  part('title').textContent = state.title ?? state.name;
  part('mistakes').replaceChildren();
  for (const { severity, file, message } of state.mistakes) mistake(severity, file, message, false);
  part('instructions').innerHTML = state.instructions ?? '';
  part('instructions-part').hidden = !state.instructions;
  count = Math.max(state.tasks.length, 1);
  task = Math.min(task, count - 1);
  const options = state.tasks.map((summary, index) => new Option(`${index + 1}. ${summary}`, String(index)));
  part('tasks').replaceChildren(...(options.length ? options : [new Option('No tasks: an empty one', '0')]));
  const broken = state.page === null;
  frame.hidden = broken;
  part('empty').hidden = !broken;
  part('empty').textContent = 'The page is shown here as soon as the mistakes beside are gone.';
  part('submit').disabled = broken;
  if (broken) {
    answer(undefined, '');
    return;
  }
  if (state.page.geolocation) frame.allow = 'geolocation';
  frame.sandbox.toggle('allow-popups', state.page.links);
  frame.sandbox.toggle('allow-popups-to-escape-sandbox', state.page.links);
  show(first ? '' : 'Loaded again: a file changed');
}

async function look() {
  try {
    const response = await fetch(`/state?version=${encodeURIComponent(version)}`);
    if (response.status === 200) take(await response.json());
  } catch {
    say('crowdsmith preview has ended');
  }
  setTimeout(look, EVERY);
}

const told = {
  ready() {
    send({ crowdsmith: 'options', submitOnChoice: false, scheme: 'light' });
    if (draft !== undefined) send({ crowdsmith: 'restore', output: draft });
  },
  change({ output }) {
    draft = output;
    answer(output, 'As it stands now. A page may still refuse to submit it.');
  },
  submit({ output }) {
    draft = output;
    answer(output, 'This would be submitted.');
  },
  invalid({ message }) {
    part('output-state').textContent = `Not submitted: ${message}`;
  },
  problem({ message }) {
    mistake('error', 'In the page', message, true);
    tellNone();
  },
  async upload({ id, file }) {
    send({ crowdsmith: 'uploaded', ...(await stored(id, file)) });
  },
  async capture({ id, kind, maxDuration }) {
    await import('/elements/recorder.js');
    const recorder = document.createElement('crowd-recorder');
    recorder.setAttribute('kind', kind);
    if (maxDuration) recorder.setAttribute('max-duration', maxDuration);
    const end = async (message) => {
      part('capture').close();
      recorder.remove();
      send({ crowdsmith: 'uploaded', ...message });
    };
    recorder.addEventListener('recorded', async ({ detail }) => {
      await end({ ...(await stored(id, detail.file)), duration: detail.duration });
    });
    recorder.addEventListener('cancelled', ({ detail }) => end({ id, error: detail || 'cancelled' }));
    part('capture').replaceChildren(recorder);
    part('capture').showModal();
  },
};

/** A file is kept nowhere: the page gets it back as an address of its own. */
async function stored(id, file) {
  const reader = new FileReader();
  await new Promise((done) => {
    reader.onload = done;
    reader.readAsDataURL(file);
  });
  return { id, media: 'PREVIEW', url: reader.result, type: file.type, size: file.size };
}

window.addEventListener('message', (event) => {
  if (event.source !== frame.contentWindow) return;
  const kind = event.data?.crowdsmith;
  if (typeof kind === 'string' && Object.hasOwn(told, kind)) void told[kind](event.data);
});

function go(to) {
  task = Math.min(Math.max(to, 0), count - 1);
  draft = undefined;
  show('');
}

part('previous').addEventListener('click', () => go(task - 1));
part('next').addEventListener('click', () => go(task + 1));
part('tasks').addEventListener('change', () => go(Number(part('tasks').value)));
part('submit').addEventListener('click', () => send({ crowdsmith: 'submit' }));
part('again').addEventListener('click', () => go(task));
for (const button of document.querySelectorAll('[data-width]'))
  button.addEventListener('click', () => {
    part('stage').className = button.dataset.width;
    for (const other of document.querySelectorAll('[data-width]'))
      other.setAttribute('aria-pressed', String(other === button));
  });

void look();
