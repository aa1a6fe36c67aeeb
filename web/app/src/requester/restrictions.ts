import type { Batch, Restriction } from '../lib/types';

/** Those that keep their worker from a batch now: of the batch itself, its project or the workspace. */
export function inForce(restrictions: readonly Restriction[], batch: Batch, now: number): Restriction[] {
  return restrictions.filter(({ scope, batch: of, project, until, lifted_at }) => {
    if (lifted_at || (until && Date.parse(until) <= now)) return false;
    if (scope === 'batch') return of === batch.id;
    return scope === 'workspace' || project === batch.project.name;
  });
}
