import { css } from 'lit';

/** How the controls and the list of segments look. */
export const segmentStyles = css`
  .editor {
    display: grid;
    gap: 8px;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
  }
  .bar .button {
    padding-inline: 10px;
  }
  .time {
    font-variant-numeric: tabular-nums;
  }
  i {
    width: 14px;
    height: 14px;
    border: 1px solid var(--crowd-edge);
    border-radius: 3px;
    background: var(--colour);
  }
  .list {
    display: grid;
    gap: 4px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .list li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px;
    padding: 4px;
    border-left: 4px solid transparent;
  }
  .list .chosen {
    border-color: var(--crowd-action);
    background: var(--crowd-tint);
  }
  .list input {
    width: 6em;
    padding-inline: 8px;
  }
  .list .bare {
    padding-inline: 0;
  }
  .list textarea {
    flex: 1 1 220px;
    width: auto;
  }
`;
