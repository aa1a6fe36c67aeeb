import { t } from '../../lib/strings/en';
import type { OutputField } from '../../lib/types';

/** What kind of answer a question takes, in a few words; '' where the control says it already. */
export function hintOf(field: OutputField): string {
  if (field.type === 'choices') {
    const { min, max } = field;
    if (min !== undefined && max !== undefined) return t.answer.chooseRange(min, max);
    if (max !== undefined) return t.answer.chooseUpTo(max);
    if (min !== undefined && min > 1) return t.answer.chooseAtLeast(min);
    return field.help ? '' : t.answer.chooseSome;
  }
  if (field.type !== 'number') return '';
  const { min, max, integer } = field;
  const range =
    min !== undefined && max !== undefined
      ? t.answer.range(min, max)
      : min !== undefined
        ? t.answer.atLeast(min)
        : max !== undefined
          ? t.answer.atMost(max)
          : '';
  return [integer ? t.answer.whole : '', range].filter(Boolean).join(', ');
}
