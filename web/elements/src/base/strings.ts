// What the elements say to a worker, in one place. `language` files replace entries of it before the elements load.
export const strings = {
  required: 'This question needs an answer.',
  requiredNamed: (name: string): string => `“${name}” needs an answer.`,
  attribute: (tag: string, attribute: string, reason: string): string => `<${tag}>, attribute ${attribute}: ${reason}`,
  unknownElement: (tag: string): string => `This page uses <${tag}>, which is not an element known here.`,
  scriptProblem: (message: string): string => `A script of this page failed: ${message}`,
  loadProblem: (tag: string): string => `<${tag}> could not be loaded. Check the connection and load the page again.`,
  instructions: 'Instructions',
  fullInstructions: 'Full instructions',
  close: 'Close',
  submit: 'Submit',
};
