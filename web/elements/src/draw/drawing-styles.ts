import { css } from 'lit';

export const drawingStyles = css`
  .drawing {
    container-type: inline-size;
  }
  .bench {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px 12px;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    align-items: center;
  }
  .row .button {
    min-width: 0;
    padding: 4px 10px;
    font-size: 0.875rem;
  }
  .labels {
    max-height: 156px;
    margin: -3px;
    padding: 3px;
    overflow: auto;
  }
  .label .swatch,
  li .swatch {
    flex: none;
    width: 0.9em;
    height: 0.9em;
    border: 1px solid var(--crowd-edge);
    border-radius: 3px;
    background: var(--swatch);
  }
  .holder {
    position: relative;
  }
  .stage {
    position: relative;
    width: 100%;
    min-width: 0;
    min-height: 220px;
    max-height: var(--crowd-stage-height, 640px);
    aspect-ratio: 4 / 3;
    overflow: hidden;
    border: 1px solid var(--crowd-edge);
    border-radius: var(--crowd-round);
    background: var(--crowd-sunken);
    cursor: crosshair;
    touch-action: none;
    user-select: none;
    -webkit-user-select: none;
  }
  .stage:focus {
    outline: 2px solid var(--crowd-focus);
    outline-offset: 1px;
  }
  .stage:focus-visible {
    outline-width: 3px;
  }
  .stage canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    pointer-events: none;
  }
  .note {
    position: absolute;
    inset: 0;
    display: grid;
    place-content: center;
    margin: 0;
    padding: 16px;
    text-align: center;
  }
  .status {
    min-height: 1.5em;
    margin: 6px 0 0;
    font-variant-numeric: tabular-nums;
  }
  .notices {
    margin: 0;
    padding: 8px 12px 8px 28px;
    border: 1px solid var(--crowd-warn);
    border-radius: var(--crowd-round);
    background: var(--crowd-warn-tint);
    color: var(--crowd-warn);
    font-size: 0.875rem;
  }
  .list {
    max-height: 320px;
    margin: 4px 0 0;
    padding: 0;
    overflow: auto;
    border: 1px solid var(--crowd-line);
    border-radius: var(--crowd-round);
    list-style: none;
  }
  .list li {
    display: flex;
    gap: 8px;
    align-items: center;
    min-height: 32px;
    padding: 2px 8px;
    content-visibility: auto;
    contain-intrinsic-size: auto 32px;
    font-size: 0.8125rem;
    font-variant-numeric: tabular-nums;
    cursor: pointer;
  }
  .list li[aria-selected='true'] {
    background: var(--crowd-tint);
    box-shadow: inset 3px 0 0 var(--crowd-action);
  }
  summary {
    min-height: 32px;
    font-weight: 600;
    line-height: 32px;
    cursor: pointer;
  }
  .keys {
    margin: 0;
  }
  .keys div {
    display: grid;
    grid-template-columns: minmax(90px, 2fr) 5fr;
    gap: 12px;
    padding: 5px 0;
    border-bottom: 1px solid var(--crowd-line);
  }
  .keys dd {
    margin: 0;
  }
  .keys kbd {
    display: inline-block;
  }
  input[type='range'] {
    width: 120px;
    min-height: var(--crowd-target);
    accent-color: var(--crowd-action);
  }
  @container (min-width: 640px) {
    .bench {
      grid-template-columns: minmax(0, 1fr) 208px;
    }
    .bench > .wide {
      grid-column: 1 / -1;
    }
    .side .labels {
      flex-flow: column nowrap;
      align-items: stretch;
      max-height: 506px;
    }
    .side .labels > * {
      flex: none;
    }
    .side .label {
      justify-content: flex-start;
    }
  }
  @container (max-width: 639.9px) {
    .side {
      display: contents;
    }
    .side .labels {
      order: -1;
    }
    .side .listed {
      order: 1;
    }
  }
`;
