import { css } from 'lit';

/** How labels, the text and its spans look. */
export const spanStyles = css`
  .labels {
    position: sticky;
    top: 0;
    z-index: 1;
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    padding-block: 6px;
    background: var(--crowd-ground);
  }
  .label {
    padding-inline: 10px;
  }
  .label i {
    width: 14px;
    height: 14px;
    border: 1px solid var(--crowd-edge);
    border-radius: 3px;
    background: var(--colour);
  }
  .text {
    padding: 12px 16px;
    border: 1px solid var(--crowd-edge);
    border-radius: var(--crowd-round);
    background: var(--crowd-surface);
    font-size: 1.0625rem;
    line-height: 2;
    overflow-wrap: anywhere;
    cursor: text;
  }
  [data-start] {
    white-space: pre-wrap;
  }
  .span {
    padding-bottom: 2px;
    border-radius: 3px;
    background: var(--colour);
    cursor: pointer;
  }
  .span[data-tag]::before {
    content: attr(data-tag);
    margin-right: 3px;
    padding: 0 3px;
    border-radius: 3px;
    background: var(--crowd-ink);
    color: var(--crowd-surface);
    font-size: 0.6875rem;
    font-weight: 700;
    vertical-align: 0.3em;
  }
  .pending {
    outline: 2px solid var(--crowd-focus);
  }
  .chosen {
    outline: 2px solid var(--crowd-action);
  }
  .spans {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    margin: 8px 0 0;
    padding: 0;
    list-style: none;
  }
  .spans li {
    display: flex;
    max-width: 100%;
    border: 1px solid var(--crowd-edge);
    border-radius: var(--crowd-round);
    background: var(--colour);
  }
  .spans button {
    min-height: 32px;
    padding: 2px 8px;
    border: 0;
    background: none;
    color: var(--crowd-ink);
    font: inherit;
    font-size: 0.875rem;
    text-align: left;
    cursor: pointer;
  }
  .spans .name {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .spans .remove {
    min-width: 32px;
    font-size: 1.1rem;
    text-align: center;
  }
`;
