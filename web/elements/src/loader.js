// The classic script of a template: `<script src="…/crowd-html-elements.js"></script>`, or the same text in the page,
// with `data-elements="…/"` naming the folder it is from. The elements themselves are modules in that folder. Until they
// are there, what is inside them is kept out of sight.
(function () {
  if (window.crowdHtmlElements) return;
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const folder = new URL(script.dataset.elements ?? '.', script.src || document.baseURI).href;
  // Taken now: a script of the template may have a variable `parent`.
  const shell = window.parent;
  const tell = (message) => shell.postMessage({ crowdsmith: 'problem', message }, '*');

  // The functions of Mechanical Turk's externalHIT_v1.js. The form posts nowhere, so there is nothing for them to prepare.
  window.turkGetParam ??= (name, otherwise = '') => new URLSearchParams(location.search).get(name) ?? otherwise;
  window.turkGetSubmitToHost ??= () => '';
  window.turkSetAssignmentID ??= () => {};

  // Scripts of the template run before the modules do, so their errors are caught here.
  const place = ({ filename, lineno, colno }) =>
    lineno
      ? ' (' + (filename.split('?')[0].split('/').at(-1) || 'page') + ', line ' + lineno + ', column ' + colno + ')'
      : '';
  window.addEventListener('error', (event) => {
    // Browsers report this one when a resize reaches a page one frame late; nothing is wrong then.
    if (!event.message || event.message.startsWith('ResizeObserver loop')) return;
    tell('A script of this page failed: ' + event.message + place(event));
  });
  window.addEventListener('unhandledrejection', (event) => tell('A script of this page failed: ' + event.reason));

  const sheet = new CSSStyleSheet();
  sheet.replaceSync('crowd-form:not(:defined), crowd-entity-annotation:not(:defined) { visibility: hidden; }');
  document.adoptedStyleSheets.push(sheet);
  const show = () => sheet.replaceSync('');
  setTimeout(show, 5000);

  // Frames without an origin share no cache: each would fetch the modules again. A shell that fetches them once for all
  // its frames says so by the frame's name, and hands over the text of each that is asked for, or null. Blobs are made of
  // the texts; names of other modules in them become the addresses of those modules' blobs.
  const asked = {};
  const ask = (file) => {
    if (!asked[file]) {
      asked[file] = {};
      asked[file].text = new Promise((resolve) => (asked[file].resolve = resolve));
      shell.postMessage({ crowdsmith: 'module', file }, '*');
    }
    return asked[file].text;
  };
  window.addEventListener('message', ({ source, data }) => {
    if (source === shell && data?.crowdsmith === 'module') asked[data.file]?.resolve(data.text);
  });

  // Once some modules are blobs the others have to be, for each may be there only once.
  const download = async (file) => {
    const answer = await fetch(folder + file);
    if (!answer.ok) throw Error(file + ': HTTP ' + answer.status);
    return answer.text();
  };
  const blob = (text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const links = {};
  const link = (file) => (links[file] ??= make(file));
  const make = async (file) => {
    const own = folder + file;
    const text = (await ask(file)) ?? (await download(file));
    const named = /\b(from|import)(\(?)(["'`])(\.[^"'`]+\.js)\3\)?/g;
    const fileOf = (name) => new URL(name, own).href.slice(folder.length);
    const statics = [...text.matchAll(named)].filter((found) => !found[2]).map((found) => fileOf(found[4]));
    const addresses = Object.fromEntries(await Promise.all(statics.map(async (each) => [each, await link(each)])));
    const linked = text.replace(named, (_, word, isCall, quote, name) =>
      isCall ? 'crowdHtmlElements.bring("' + fileOf(name) + '")' : word + '"' + addresses[fileOf(name)] + '"',
    );
    return blob(linked.replaceAll('import.meta.url', JSON.stringify(own)));
  };
  const bring = async (file) => import(await link(file));

  const isHanded = async () => {
    if (shell === window || window.name !== 'crowdsmith-elements') return false;
    // Not every browser, nor every page's policy, lets blobs be imported.
    const canImport = await import(blob('')).then(
      () => true,
      () => false,
    );
    return canImport && (await ask('elements.js')) !== null;
  };
  const elements = async () => ((await isHanded()) ? bring('elements.js') : import(folder + 'elements.js'));
  window.crowdHtmlElements = Object.assign(
    elements().then(show, (error) => {
      show();
      const note = document.createElement('p');
      note.setAttribute('role', 'alert');
      note.textContent = 'The elements of this page could not be loaded: ' + error.message + '. Load the page again.';
      document.body.prepend(note);
      tell(note.textContent);
    }),
    { bring },
  );
})();
