// The classic script of a template: `<script src="…/crowd-html-elements.js"></script>`. The elements themselves are a
// module beside this file. Until they are there, what is inside them is kept out of sight.
(function () {
  if (window.crowdHtmlElements) return;
  const own = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(':is(crowd-form, [data-crowd]):not(:defined) { visibility: hidden; }');
  document.adoptedStyleSheets.push(sheet);
  const show = () => {
    sheet.replaceSync('');
  };
  setTimeout(show, 5000);

  window.crowdHtmlElements = import(new URL('elements.js', own).href).then(show, (error) => {
    show();
    const note = document.createElement('p');
    note.setAttribute('role', 'alert');
    note.textContent = `The elements of this page could not be loaded: ${error.message}. Load the page again.`;
    document.body.prepend(note);
    window.parent.postMessage({ crowdsmith: 'problem', message: note.textContent }, '*');
  });
})();
