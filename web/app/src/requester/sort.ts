import type { Result } from '../lib/types';

export type Sort = 'order' | 'least' | 'most';

/** How sure a result is: as sure as its least sure answer; not at all where there is none. */
export function sureness(result: Result): number {
  const known = Object.values(result.fields).filter((field) => field !== null && field.value !== null);
  const confidences = known.flatMap((field) => field?.confidence ?? []);
  return known.length ? Math.min(1, ...confidences) : 0;
}

/** Results as they came, or by how sure they are; equals stay in their order. */
export function bySureness(results: readonly Result[], sort: Sort): readonly Result[] {
  if (sort === 'order') return results;
  const sign = sort === 'least' ? 1 : -1;
  return results.toSorted((a, b) => sign * (sureness(a) - sureness(b)));
}
