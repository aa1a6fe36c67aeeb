// Rules that every element's shadow tree shares. Each piece is one constructed style sheet, however many use it.
import { css } from 'lit';

/** Box model, focus ring, hidden, the problem line. Every element takes it. */
export const common = css`
  :host {
    box-sizing: border-box;
    font-family: var(--crowd-font);
    color: var(--crowd-ink);
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :focus-visible {
    outline: 3px solid var(--crowd-focus);
    outline-offset: 2px;
  }
  .problem {
    margin: 6px 0 0;
    color: var(--crowd-bad);
    font-size: 0.9rem;
    font-weight: 600;
  }
  .quiet {
    color: var(--crowd-soft);
    font-size: 0.875rem;
  }
  .hidden-text {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  kbd {
    min-width: 1.5em;
    padding: 0 0.3em;
    border: 1px solid var(--crowd-edge);
    border-radius: 4px;
    font: 0.8rem/1.5 var(--crowd-mono);
    text-align: center;
  }
  @media (hover: none) and (pointer: coarse) {
    kbd,
    .keys-help {
      display: none;
    }
  }
`;

/** `<button class="button">`, with `main` for the one that matters and `bare` for one without a frame. */
export const buttons = css`
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: var(--crowd-target);
    min-width: var(--crowd-target);
    padding: 6px 16px;
    border: 1px solid var(--crowd-edge);
    border-radius: var(--crowd-round);
    background: var(--crowd-surface);
    color: var(--crowd-ink);
    font: inherit;
    font-weight: 600;
    line-height: 1.2;
    text-decoration: none;
    cursor: pointer;
    transition:
      background var(--crowd-quick),
      border-color var(--crowd-quick);
  }
  .button:hover:not(:disabled) {
    background: var(--crowd-sunken);
  }
  .button:disabled {
    opacity: 0.55;
    cursor: default;
  }
  .button.main {
    border-color: var(--crowd-action);
    background: var(--crowd-action);
    color: var(--crowd-on-action);
  }
  .button.main:hover:not(:disabled) {
    background: color-mix(in srgb, var(--crowd-action) 82%, var(--crowd-ink));
  }
  .button.bare {
    border-color: transparent;
    background: none;
    color: var(--crowd-action);
  }
  .button[aria-pressed='true'] {
    border-color: var(--crowd-action);
    background: var(--crowd-tint);
    box-shadow: inset 0 0 0 1px var(--crowd-action);
  }
`;

/** Text fields: `<input class="field">`, `<textarea class="field">`, `<select class="field">`. */
export const fields = css`
  .field {
    display: block;
    width: 100%;
    min-height: var(--crowd-target);
    padding: 8px 12px;
    border: 1px solid var(--crowd-edge);
    border-radius: var(--crowd-round);
    background: var(--crowd-surface);
    color: var(--crowd-ink);
    font: inherit;
  }
  .field:disabled {
    opacity: 0.6;
  }
  .field[aria-invalid='true'] {
    border-color: var(--crowd-bad);
  }
  .field::placeholder {
    color: var(--crowd-soft);
    opacity: 1;
  }
  .caption {
    display: block;
    margin-bottom: 4px;
    font-weight: 600;
  }
`;

/** A modal window made of `<dialog class="dialog">`. */
export const dialogs = css`
  .dialog {
    width: min(680px, calc(100vw - 24px));
    max-height: calc(100dvh - 24px);
    padding: 0;
    overflow: hidden;
    border: 1px solid var(--crowd-line);
    border-radius: 12px;
    background: var(--crowd-surface);
    color: var(--crowd-ink);
  }
  .dialog[open] {
    display: flex;
    flex-direction: column;
  }
  .dialog::backdrop {
    background: var(--crowd-shade);
  }
  .dialog > header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
    padding: 8px 8px 8px 20px;
    border-bottom: 1px solid var(--crowd-line);
  }
  .dialog > header h2 {
    margin: 0;
    font-size: 1.15rem;
  }
  .dialog > .content {
    padding: 12px 20px 20px;
    overflow: auto;
  }
`;
