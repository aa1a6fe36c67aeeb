// Colours and sizes as CSS variables of the page. `:where` gives them no weight, so that a template's own rules win.
// They follow the page's color-scheme: light unless the template or the shell says otherwise, since a template with
// colours of its own was most likely drawn on white.
import { css } from 'lit';

export const theme = css`
  :where(:root) {
    --crowd-ground: light-dark(#f5f3ee, #15181d);
    --crowd-surface: light-dark(#fffefb, #1e2229);
    --crowd-sunken: light-dark(#eae6dd, #0f1215);
    --crowd-line: light-dark(#dcd6ca, #343a44);
    --crowd-edge: light-dark(#857f73, #78818f);
    --crowd-ink: light-dark(#1d2330, #ece8df);
    --crowd-soft: light-dark(#575c69, #a9aeb8);
    --crowd-action: light-dark(#1c4d88, #8dbaf3);
    --crowd-on-action: light-dark(#ffffff, #0d1b2d);
    --crowd-tint: light-dark(#e3ebf4, #22303f);
    --crowd-focus: light-dark(#c26a0a, #f3b455);
    --crowd-good: light-dark(#1d6a52, #83d0b1);
    --crowd-good-tint: light-dark(#e0efe8, #17302a);
    --crowd-warn: light-dark(#7d4a06, #f2c873);
    --crowd-warn-tint: light-dark(#faecc8, #362b14);
    --crowd-bad: light-dark(#a8271d, #ff9f94);
    --crowd-bad-tint: light-dark(#fae5e1, #3a1f1d);
    --crowd-shade: light-dark(rgb(20 22 30 / 45%), rgb(0 0 0 / 62%));
    --crowd-font:
      -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans',
      sans-serif;
    --crowd-mono: ui-monospace, 'SF Mono', 'Cascadia Code', Menlo, Consolas, 'Liberation Mono', monospace;
    --crowd-round: 6px;
    --crowd-target: 44px;
    --crowd-quick: 120ms;
  }

  @media (prefers-reduced-motion: reduce) {
    :where(:root) {
      --crowd-quick: 0ms;
    }
  }

  :where(body) {
    margin: 0;
    padding: 12px;
    font-family: var(--crowd-font);
    line-height: 1.45;
    background: var(--crowd-ground);
    color: var(--crowd-ink);
    overflow-wrap: break-word;
  }

  :where(crowd-form) {
    display: block;
  }

  :where(crowd-form > form, [data-crowd-form] > form) {
    display: flow-root;
  }

  :where(crowd-form input, crowd-form textarea, crowd-form select):where(:not([type='checkbox'], [type='radio'])) {
    font: inherit;
    max-width: 100%;
  }

  :where(img, video) {
    max-width: 100%;
  }

  /* A height that a template means for a desk is kept; the picture is not squeezed into it. */
  @media (max-width: 480px) {
    :where(img) {
      object-fit: contain;
      object-position: top;
    }
  }

  :where(short-instructions, full-instructions, classification-target, worker-comment, crowd-slider-label) {
    display: block;
  }

  :where(short-instructions, full-instructions, classification-target) > :where(:first-child) {
    margin-top: 0;
  }

  :where(short-instructions, full-instructions, classification-target) > :where(:last-child) {
    margin-bottom: 0;
  }

  :where(short-instructions, full-instructions):where(:not([slot])) {
    clear: both;
    margin-bottom: 12px;
    padding: 8px 12px;
    border-left: 3px solid var(--crowd-edge);
    background: var(--crowd-sunken);
  }

  .crowd-message {
    margin: 8px 0;
    padding: 8px 12px;
    border: 1px solid var(--crowd-bad);
    border-radius: var(--crowd-round);
    background: var(--crowd-bad-tint);
    color: var(--crowd-bad);
  }
`;
