import type { Project, ProjectQuestion } from '../../lib/types';
import { isClassic } from '../answer/read';

/** The keys of a project that are its question, as the API takes them for a new revision. */
export function questionOf(project: Project): ProjectQuestion {
  const { title, description, instructions, input, output, template, page } = project;
  return {
    ...{ title, description, instructions, input, output },
    ...(template === undefined ? {} : { template }),
    ...(page === undefined ? {} : { page }),
  };
}

/** Whether tasks are shown as pages of their own, brought along or made by the server. */
export function isFramed({ template, output }: ProjectQuestion): boolean {
  return template !== undefined || Object.values(output).some((field) => !isClassic(field.type));
}
