import type { Project, ProjectQuestion } from '../../lib/types';

/** The keys of a project that are its question, as the API takes them for a new revision. */
export function questionOf(project: Project): ProjectQuestion {
  const { title, description, instructions, input, output, template, page } = project;
  return {
    ...{ title, description, instructions, input, output },
    ...(template === undefined ? {} : { template }),
    ...(page === undefined ? {} : { page }),
  };
}
