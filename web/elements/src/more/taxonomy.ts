import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { flag, loose } from '../base/attributes.js';
import { TaskElement } from '../base/header.js';
import { fields } from '../base/styles.js';
import { moreStrings } from './strings.js';
import { readTree, searchTree, type TreeNode } from './taxonomy-tree.js';

interface Chosen {
  id: string;
  path: string[];
}

/** Found categories that are shown at once. */
const shownResults = 60;

/**
 * One or several categories out of a tree of thousands, by search or by opening branches.
 *
 * @attr nodes - loose JSON: nested `{name, id?, children?}`, nested objects, or paths "A > B > C"
 * @attr multiple - any number of categories
 * @attr leaves-only - branches cannot be chosen
 * Output: `{id, path: ["A", "B"]}`; with `multiple` `{selected: [{id, path}]}`.
 */
export class CrowdTaxonomy extends TaskElement {
  @property({ converter: loose }) nodes: unknown;
  @property({ converter: flag }) multiple = false;
  @property({ attribute: 'leaves-only', converter: flag }) leavesOnly = false;
  @state() private chosen: ReadonlySet<string> = new Set();
  @state() private open: ReadonlySet<number> = new Set();
  @state() private search = '';
  @state() private at = 0;
  private tree: readonly TreeNode[] = [];

  protected override willUpdate(changes: PropertyValues): void {
    if (changes.has('nodes')) this.readNodes();
  }

  private readNodes(): void {
    try {
      this.tree = readTree(this.nodes);
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }

  get value(): unknown {
    const chosen = this.chosenNodes;
    return this.multiple ? { selected: chosen } : (chosen[0] ?? {});
  }
  set value(value: unknown) {
    const given = (value as { selected?: Chosen[] } | null | undefined)?.selected ?? [value as Chosen];
    this.chosen = new Set(
      given.map((node) => (typeof node === 'string' ? node : node?.id)).filter((id) => id !== undefined),
    );
  }

  override get _submittableValue(): unknown {
    return this.chosenNodes.length > 0 ? this.value : undefined;
  }

  override validate(): string | null {
    return this.required && this.chosenNodes.length === 0 ? moreStrings.chooseNode : null;
  }

  private get chosenNodes(): Chosen[] {
    return this.tree.filter(({ id }) => this.chosen.has(id)).map(({ id, path }) => ({ id, path }));
  }

  private toggle(index: number): void {
    const node = this.tree[index];
    if (!node || this.disabled) return;
    if (this.leavesOnly && node.isBranch) return this.setOpen(index, !this.open.has(index));
    const chosen = new Set(this.multiple ? this.chosen : []);
    if (this.chosen.has(node.id)) chosen.delete(node.id);
    else chosen.add(node.id);
    this.chosen = chosen;
    this.changed();
  }

  private unchoose(id: string): void {
    this.chosen = new Set([...this.chosen].filter((other) => other !== id));
    this.changed();
  }

  private setOpen(index: number, isOpen: boolean): void {
    const open = new Set(this.open);
    if (isOpen) open.add(index);
    else open.delete(index);
    this.open = open;
  }

  /** Places of the nodes on the screen, in order. */
  private get visible(): number[] {
    if (this.search.trim() !== '') return searchTree(this.tree, this.search).slice(0, shownResults);
    const shown = new Set<number>();
    for (const [index, { parent }] of this.tree.entries()) {
      if (parent < 0 || (shown.has(parent) && this.open.has(parent))) shown.add(index);
    }
    return [...shown];
  }

  private onKey(event: KeyboardEvent): void {
    const { visible } = this;
    const place = Math.max(visible.indexOf(this.at), 0);
    const index = visible[place];
    if (index === undefined) return;
    const to = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: visible.length - 1 }[event.key];
    if (to !== undefined) this.goTo(visible[Math.min(Math.max(to, 0), visible.length - 1)]!);
    else if (event.key === 'Enter' || event.key === ' ') this.toggle(index);
    else if (event.key === 'ArrowRight') this.setOpen(index, true);
    else if (event.key === 'ArrowLeft') this.leave(index);
    else return;
    event.preventDefault();
  }

  private leave(index: number): void {
    if (this.open.has(index)) this.setOpen(index, false);
    else if (this.tree[index]!.parent >= 0) this.goTo(this.tree[index]!.parent);
  }

  private goTo(index: number): void {
    this.at = index;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus());
  }

  private onSearchKey(event: KeyboardEvent): void {
    const [first] = this.visible;
    if (first === undefined) return;
    if (event.key === 'ArrowDown') this.goTo(first);
    else if (event.key === 'Enter' && this.search.trim() !== '') this.toggle(first);
    else return;
    event.preventDefault();
  }

  override render(): TemplateResult {
    const { visible } = this;
    const isSearch = this.search.trim() !== '';
    const found = isSearch ? searchTree(this.tree, this.search).length : 0;
    const reached = visible.includes(this.at) ? this.at : visible[0];
    return this.renderFrame(html`
      <slot></slot>
      ${this.renderChosen()}
      <input
        class="field"
        type="search"
        placeholder=${moreStrings.search}
        aria-label=${moreStrings.search}
        .value=${this.search}
        ?disabled=${this.disabled}
        @input=${(event: Event) => (this.search = (event.target as HTMLInputElement).value)}
        @keydown=${this.onSearchKey}
      />
      <p class="quiet" role="status">${isSearch ? moreStrings.results(found) : nothing}</p>
      <div
        class="tree"
        role="tree"
        aria-label=${this.header || moreStrings.tree}
        aria-multiselectable=${this.multiple}
        data-own-keys
        @keydown=${this.onKey}
      >
        ${repeat(
          visible,
          (index) => index,
          (index) => this.renderNode(index, isSearch, index === reached),
        )}
      </div>
      ${found > shownResults ? html`<p class="quiet">${moreStrings.moreResults(found - shownResults)}</p>` : nothing}
    `);
  }

  private renderNode(index: number, isSearch: boolean, isReached: boolean): TemplateResult {
    const node = this.tree[index]!;
    const chosen = this.chosen.has(node.id);
    const isOpen = this.open.has(index);
    return html`<div
      role="treeitem"
      class=${chosen ? 'node chosen' : 'node'}
      data-index=${index}
      tabindex=${isReached ? 0 : -1}
      aria-level=${isSearch ? 1 : node.depth + 1}
      aria-selected=${chosen}
      aria-expanded=${node.isBranch && !isSearch ? isOpen : nothing}
      style="padding-left: ${isSearch ? 12 : 12 + node.depth * 20}px"
      @click=${() => this.toggle(index)}
      @focus=${() => (this.at = index)}
    >
      ${
        node.isBranch && !isSearch
          ? html`<span class="twig" aria-hidden="true" @click=${(event: Event) => this.twig(event, index, !isOpen)}
              >${isOpen ? '▾' : '▸'}</span
            >`
          : html`<span class="twig"></span>`
      }
      <span>${isSearch ? node.path.join(' › ') : node.name}</span>
      ${chosen ? html`<b aria-hidden="true">✓</b>` : nothing}
    </div>`;
  }

  private twig(event: Event, index: number, isOpen: boolean): void {
    event.stopPropagation();
    this.setOpen(index, isOpen);
  }

  private renderChosen(): TemplateResult | typeof nothing {
    const chosen = this.chosenNodes;
    if (chosen.length === 0) return nothing;
    return html`<ul>
      ${chosen.map(
        ({ id, path }) =>
          html`<li>
            ${path.join(' › ')}
            <button
              class="button bare"
              type="button"
              aria-label=${moreStrings.removeNode(path.join(' › '))}
              ?disabled=${this.disabled}
              @click=${() => this.unchoose(id)}
            >
              ×
            </button>
          </li>`,
      )}
    </ul>`;
  }

  static override styles = [
    ...TaskElement.styles,
    fields,
    css`
      .tree {
        max-height: min(50vh, 420px);
        overflow: auto;
        border: 1px solid var(--crowd-line);
        border-radius: var(--crowd-round);
        background: var(--crowd-surface);
      }
      .tree:empty {
        display: none;
      }
      p {
        margin: 4px 0;
      }
      .node {
        display: flex;
        align-items: center;
        gap: 4px;
        min-height: var(--crowd-target);
        padding-right: 12px;
        cursor: pointer;
        content-visibility: auto;
        contain-intrinsic-size: auto 44px;
      }
      .node:focus-visible {
        outline-offset: -3px;
      }
      .node:hover {
        background: var(--crowd-sunken);
      }
      .chosen {
        background: var(--crowd-tint);
        font-weight: 600;
      }
      .twig {
        flex: none;
        width: 28px;
        line-height: var(--crowd-target);
        text-align: center;
      }
      b {
        margin-left: auto;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin: 0 0 8px;
        padding: 0;
        list-style: none;
      }
      li {
        padding-left: 10px;
        border: 1px solid var(--crowd-action);
        border-radius: var(--crowd-round);
        background: var(--crowd-tint);
      }
      li .button {
        min-height: 36px;
        padding: 0;
      }
    `,
  ];
}

customElements.define('crowd-taxonomy', CrowdTaxonomy);
