// CodeMirror with what a task page needs: HTML, search, undo, and mistakes marked at their place.
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { html } from '@codemirror/lang-html';
import { HighlightStyle, bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { EditorState, type Text } from '@codemirror/state';
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { PageMistake } from '../../lib/types';

export interface Editor {
  setText(text: string): void;
  setMistakes(mistakes: readonly PageMistake[]): void;
  goTo(line: number, column?: number): void;
  close(): void;
}

const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--surface)', fontSize: '0.875rem' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--soft)', border: '0' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--tint) 60%, transparent)' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': { backgroundColor: 'var(--tint) !important' },
  '&.cm-focused': { outline: '3px solid var(--focus)', outlineOffset: '-3px' },
  '.cm-tooltip': { backgroundColor: 'var(--surface)', color: 'var(--ink)', borderColor: 'var(--line)' },
});

const colours = HighlightStyle.define([
  { tag: [tags.tagName, tags.angleBracket], color: 'var(--blue)' },
  { tag: tags.attributeName, color: 'var(--plum)' },
  { tag: [tags.attributeValue, tags.string], color: 'var(--good)' },
  { tag: tags.comment, color: 'var(--soft)', fontStyle: 'italic' },
  { tag: [tags.keyword, tags.number, tags.bool], color: 'var(--warn)' },
]);

/** The place of a mistake; one beyond the text stands at its end. */
function placeOf(text: Text, line: number, column = 1): number {
  const { from, to } = text.line(Math.min(Math.max(line, 1), text.lines));
  return Math.min(from + Math.max(column - 1, 0), to);
}

function diagnosticOf(text: Text, { line, column, message, severity }: PageMistake): Diagnostic {
  const from = placeOf(text, line ?? 1, column);
  const end = text.lineAt(from).to;
  const word = /^<?\/?[\w-]+/.exec(text.sliceString(from, end))?.[0].length ?? 1;
  return { from, to: Math.min(from + word, end), message, severity };
}

/** Puts an editor into a place; `onchange` is called with the whole text after each change. */
export function createEditor(
  place: HTMLElement,
  text: string,
  label: string,
  onchange: (text: string) => void,
): Editor {
  // In a shadow tree the editor's styles are a sheet of its own, which the page's security policy allows.
  const root = place.shadowRoot ?? place.attachShadow({ mode: 'open' });
  root.replaceChildren();
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        indentOnInput(),
        bracketMatching(),
        html(),
        lintGutter(),
        syntaxHighlighting(colours),
        theme,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label }),
        // Tab indents; Escape, then Tab leaves the editor.
        keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorView.updateListener.of((update) => update.docChanged && onchange(update.state.doc.toString())),
      ],
    }),
  });
  return {
    setText: (next) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } }),
    setMistakes: (mistakes) => {
      const { doc } = view.state;
      const placed = mistakes.filter((mistake) => mistake.line !== undefined);
      view.dispatch(
        setDiagnostics(
          view.state,
          placed.map((mistake) => diagnosticOf(doc, mistake)),
        ),
      );
    },
    goTo: (line, column) => {
      const anchor = placeOf(view.state.doc, line, column);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
      view.focus();
    },
    close: () => view.destroy(),
  };
}
