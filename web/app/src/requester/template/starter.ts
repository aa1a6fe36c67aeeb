import type { InputField, OutputField, ProjectQuestion } from '../../lib/types';

const escape = (text: string) =>
  text.replace(/[&<>"]/g, (char) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }[char]};`);

function show([name, { type }]: [string, InputField]): string {
  const value = `{{ task.input.${name} }}`;
  if (type === 'image') return `<img src="${value}" alt="" style="max-width: 100%" />`;
  if (type === 'audio' || type === 'video') return `<${type} src="${value}" controls></${type}>`;
  if (type === 'url') return `<p><a href="${value}">${value}</a></p>`;
  if (type === 'json' || type === 'place') return `<pre>{{ task.input.${name} | to_json }}</pre>`;
  return `<p>${value}</p>`;
}

function ask([name, field]: [string, OutputField]): string {
  const required = field.required === false ? '' : ' required';
  const [id, label] = [escape(name), escape(field.label)];
  switch (field.type) {
    case 'choice':
    case 'choices': {
      const tag = field.type === 'choice' ? 'crowd-classifier' : 'crowd-classifier-multi-select';
      const categories = escape(JSON.stringify(field.options.map((option) => option.value)));
      return `<${tag} name="${id}" header="${label}" categories="${categories}"></${tag}>`;
    }
    case 'rating':
      return `<crowd-rating name="${id}" header="${label}" max="${field.max}"${required}></crowd-rating>`;
    case 'number':
      return `<crowd-input name="${id}" label="${label}" type="number"${required}></crowd-input>`;
    default:
      return `<crowd-text-area name="${id}" label="${label}"${required}></crowd-text-area>`;
  }
}

/** A page that shows the inputs of a question and asks for its outputs, to go on from. */
export function starter({ input, output }: ProjectQuestion): string {
  const lines = [...Object.entries(input).map(show), ...Object.entries(output).map(ask)];
  return `<script src="/elements/crowd-html-elements.js"></script>
<crowd-form>
${lines.map((line) => `  ${line}\n`).join('')}</crowd-form>
`;
}
