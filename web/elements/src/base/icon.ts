// The icons weigh more than all buttons together, so they come when the first one is shown.
import { html, nothing, type TemplateResult } from 'lit';
import { until } from 'lit/directives/until.js';

/** A named icon, or a picture when the name is an address; nothing for an unknown name. */
export function renderIcon(name: string): TemplateResult | typeof nothing {
  if (!name) return nothing;
  if (/[/.]/.test(name)) return html`<img class="icon" src=${name} alt="" />`;
  return html`${until(
    import('../layout/icons.js').then(({ drawIcon }) => drawIcon(name)),
    html`<span class="icon"></span>`,
  )}`;
}
