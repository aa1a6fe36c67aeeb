/** Tag names and how to load the module that defines each; importing the module calls customElements.define. */
export type Registry = Record<string, () => Promise<unknown>>;
