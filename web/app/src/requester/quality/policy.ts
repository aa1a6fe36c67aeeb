// The policy of a batch in sentences. What its settings leave out has the server's default, which is said as well.
import { percent } from '../../lib/format';
import { t } from '../../lib/strings/requester-en';
import type { Ambiguous, GoldTerms, OutputFields, Overlap, Policy, QuizTerms, Rule, TrustTerms } from '../../lib/types';

export interface Clause {
  title: string;
  paragraphs: string[];
}

const words = t.policy;

/** How many judgments a task gets. */
export function sayOverlap(overlap: Overlap, outputs: OutputFields = {}): string[] {
  if (typeof overlap === 'number') return [words.overlap.fixed(overlap)];
  const { min = 1, max = 7, threshold } = overlap;
  switch (overlap.rule) {
    case 'auto': {
      const target = typeof overlap.target === 'number' ? overlap.target : 0.95;
      return [words.overlap.between(min, max), words.overlap.auto(percent(target))];
    }
    case 'fixed':
      return [words.overlap.fixed(overlap.judgments ?? 3)];
    case 'confidence':
      return [words.overlap.between(min, max), words.overlap.confidence(percent(threshold ?? 0.7))];
    case 'dynamic':
      return [words.overlap.between(min, max), words.overlap.dynamic(percent(threshold ?? 0.9), overlap.skill)];
    case 'matching':
      return [words.overlap.matching(overlap.matching ?? 2, max)];
    default:
      return [words.overlap.between(min, max), ...sayTargets(overlap.target ?? 0.95, outputs)];
  }
}

function sayTargets(target: number | Record<string, number>, outputs: OutputFields): string[] {
  if (typeof target === 'number') return [words.overlap.adaptive(percent(target))];
  const fields = Object.entries(target);
  return fields.map(([name, share]) => words.overlap.adaptiveField(outputs[name]?.label ?? name, percent(share)));
}

function sayAmbiguous(ambiguous: Ambiguous): string {
  if (typeof ambiguous === 'string') return words.ambiguous[ambiguous];
  if ('batch' in ambiguous) return words.ambiguous.batch(ambiguous.batch);
  return words.ambiguous.stronger(percent(ambiguous.stronger), ambiguous.extra ?? 2);
}

function sayGold(gold: GoldTerms | null): string[] {
  if (!gold) return [words.gold.none];
  const { automatic } = gold;
  const sentences = [
    words.gold.perSuite(gold.per_suite ?? 1),
    gold.taper ? words.gold.taper : '',
    gold.secret ? words.gold.secret : words.gold.open,
    words.gold.usedUp[gold.used_up ?? 'continue'],
    words.gold.pause(percent(gold.pause_missed ?? 0.6), gold.pause_after ?? 5, gold.pause_contested ?? 3),
  ];
  if (automatic) {
    const { confidence = 0.99, judgments = 4, most = 50, confirm = true } = automatic;
    sentences.push(words.gold.automatic(percent(confidence), judgments, most), words.gold.confirm(confirm));
  }
  return sentences.filter(Boolean);
}

function sayQuiz(quiz: QuizTerms | null): string[] {
  if (!quiz) return [words.quiz.none];
  const { length = 5, pass = 0.8, tries = 1, paid = false } = quiz;
  return [words.quiz.length(length, percent(pass)), words.quiz.tries(tries), words.quiz.paid(paid)];
}

function sayTrust(trust: TrustTerms | null): string[] {
  if (!trust) return [words.trust.none];
  const { minimum, from = 'both', evidence = 4, pay = 'keep' } = trust;
  return [words.trust.minimum(percent(minimum)), words.trust.from[from](evidence), words.trust.pay[pay]];
}

/** `">= 3"` → `at least 3`. */
export function sayCondition(metric: string, condition: string | number): string {
  const [, sign = '', value = ''] = /^\s*(<=|>=|!=|=|<|>)?\s*(.*)$/.exec(String(condition)) ?? [];
  return words.rule.condition(words.rule.metrics[metric] ?? metric, words.rule.signs[sign || '='] ?? sign, value);
}

export function sayAction(action: Rule['action']): string {
  if ('restrict' in action) return words.rule.restrict(words.rule.scopes[action.restrict], action.hours);
  if ('skill' in action) return words.rule.skill(action.skill, action.value === 'rate' ? null : String(action.value));
  if ('assignments' in action) return words.rule.assignments[action.assignments];
  if ('overlap' in action) return words.rule.overlap(action.overlap);
  return words.rule.flag(action.flag);
}

/** One rule, from what it collects to what it does. */
export function sayRule(rule: Rule): string {
  const conditions = Object.entries(rule.when).map(([metric, condition]) => sayCondition(metric, condition));
  const collector = words.rule.collectors[rule.collector] ?? rule.collector;
  const faster = rule.faster_than === undefined ? '' : words.rule.faster(rule.faster_than);
  return words.rule.sentence(collector + faster, rule.last, conditions.join(words.rule.and), sayAction(rule.action));
}

/** One requirement on a skill: `in 1, 2` → `The skill “english” is one of 1, 2.` */
function sayRequirement(skill: string, wanted: string): string {
  if (wanted === 'exists') return words.audience.exists(skill);
  if (wanted === 'does not exist') return words.audience.missing(skill);
  const [, sign = '', value = ''] = /^\s*(<=|>=|!=|=|<|>|not in|in)\s*(.*)$/.exec(wanted) ?? [];
  return words.audience.is(skill, words.audience.signs[sign] ?? words.rule.signs[sign] ?? sign, value);
}

export function sayAudience(audience: Policy['audience']): string[] {
  const requirements = Object.entries(audience ?? {}).flatMap(([skill, wanted]) =>
    [wanted].flat().map((one) => sayRequirement(skill, one)),
  );
  return requirements.length ? requirements : [words.audience.all];
}

/** All that the policy says, in the order in which it takes effect. */
export function sayPolicy(policy: Policy, outputs: OutputFields): Clause[] {
  const clause = (title: string, sentences: string[]) => ({ title, paragraphs: [sentences.join(' ')] });
  const dynamic = typeof policy.overlap !== 'number';
  return [
    clause(words.overlap.title, sayOverlap(policy.overlap, outputs)),
    ...(dynamic ? [clause(words.ambiguous.title, [sayAmbiguous(policy.ambiguous)])] : []),
    clause(words.audience.title, sayAudience(policy.audience)),
    clause(words.quiz.title, sayQuiz(policy.quiz)),
    clause(words.gold.title, sayGold(policy.gold)),
    clause(words.trust.title, sayTrust(policy.trust)),
    ...(policy.rules.length ? [{ title: words.rule.title, paragraphs: policy.rules.map(sayRule) }] : []),
  ];
}
