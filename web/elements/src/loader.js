// The classic script of a template: `<script src="…/crowd-html-elements.js"></script>`. The elements themselves are a
// module beside this file. Until they are there, what is inside them is kept out of sight.
(function () {
  if (window.crowdHtmlElements) return;
  const own = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  // Taken now: a script of the template may have a variable `parent`.
  const shell = window.parent;
  const tell = (message) => shell.postMessage({ crowdsmith: 'problem', message }, '*');

  // The functions of Mechanical Turk's externalHIT_v1.js. The form posts nowhere, so there is nothing for them to prepare.
  window.turkGetParam ??= (name, otherwise = '') => new URLSearchParams(location.search).get(name) ?? otherwise;
  window.turkGetSubmitToHost ??= () => '';
  window.turkSetAssignmentID ??= () => {};

  // Scripts of the template run before the module does, so their errors are caught here.
  const place = ({ filename, lineno, colno }) =>
    lineno ? ` (${filename.split('?')[0].split('/').at(-1) || 'page'}, line ${lineno}, column ${colno})` : '';
  window.addEventListener('error', (event) => {
    // Browsers report this one when a resize reaches a page one frame late; nothing is wrong then.
    if (!event.message || event.message.startsWith('ResizeObserver loop')) return;
    tell(`A script of this page failed: ${event.message}${place(event)}`);
  });
  window.addEventListener('unhandledrejection', (event) => tell(`A script of this page failed: ${event.reason}`));

  const sheet = new CSSStyleSheet();
  sheet.replaceSync('crowd-form:not(:defined), crowd-entity-annotation:not(:defined) { visibility: hidden; }');
  document.adoptedStyleSheets.push(sheet);
  const show = () => sheet.replaceSync('');
  setTimeout(show, 5000);

  // What the module imports is fetched along with it, not after it. The build puts the names here.
  for (const name of 'IMPORTS'.split(' ')) {
    const link = document.createElement('link');
    Object.assign(link, { rel: 'modulepreload', crossOrigin: '', href: new URL(name, own).href });
    document.head.append(link);
  }
  window.crowdHtmlElements = import(new URL('elements.js', own).href).then(show, (error) => {
    show();
    const note = document.createElement('p');
    note.setAttribute('role', 'alert');
    note.textContent = `The elements of this page could not be loaded: ${error.message}. Load the page again.`;
    document.body.prepend(note);
    tell(note.textContent);
  });
})();
