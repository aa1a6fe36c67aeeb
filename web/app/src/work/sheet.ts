// What a worker has left at one task, and how it is sent.
import type { OutputFields, Task, WorkDetail } from '../lib/types';
import { checkAll, toOutput, type Entry } from './answers';
import type { Behavior } from './behavior';
import { orderOf, type Order } from './shuffle';

/** The output of a task's own page. */
export type PageOutput = Record<string, unknown>;

export const reasons = {
  skip: ['unclear', 'not_able', 'not_comfortable', 'other'],
  problem: ['broken_media', 'broken_page', 'wrong_data', 'offensive', 'other'],
} as const;

export type SkipKind = keyof typeof reasons;

/** Why a task is not answered. A problem is also listed for the requester. */
export interface Skip {
  kind: SkipKind;
  reason: string;
  comment?: string;
}

export interface Sheet {
  /** What was entered in the app's own form. */
  entry: Entry;
  /** What the task's own page last said the answer is. */
  output?: PageOutput;
  /** The page has submitted that output, so it is valid. */
  complete?: boolean;
  /** How the page showed the options that it shuffled. */
  order?: Order;
  skip?: Skip;
  behavior?: Behavior;
}

export const emptySheet: Sheet = { entry: {} };

/** Whether the task can be sent as it is. */
export function isDone(task: Task, sheet: Sheet, work: WorkDetail): boolean {
  if (sheet.skip) return true;
  if (task.page !== undefined) return sheet.complete ?? false;
  return Object.keys(checkAll(work.output, sheet.entry)).length === 0;
}

/** Those orders that the server can check: of questions it knows, with each of their options once. */
function knownOrders(order: Order, fields: OutputFields): Order {
  const isKnown = ([name, shown]: [string, string[]]) => {
    const field = fields[name];
    if (field?.type !== 'choice' && field?.type !== 'choices') return false;
    const options = field.options.map((option) => option.value).sort();
    // A template may bring the options of a question along; then nobody else knows them.
    return options.length === 0 || [...shown].sort().join('\n') === options.join('\n');
  };
  return Object.fromEntries(Object.entries(order).filter(isKnown));
}

/** The task's part of a submission. `seed`: what the options were shuffled by. */
export function judgmentOf(task: Task, sheet: Sheet, work: WorkDetail, seed: string): object {
  if (sheet.skip) return { task: task.id, skip: sheet.skip };
  const framed = task.page !== undefined;
  const native = work.page.shuffle && !framed ? orderOf(work.output, seed) : {};
  const order = sheet.order ? knownOrders(sheet.order, work.output) : native;
  return {
    task: task.id,
    output: framed ? (sheet.output ?? {}) : toOutput(work.output, sheet.entry),
    ...(work.page.behavior && sheet.behavior ? { behavior: sheet.behavior } : {}),
    ...(Object.keys(order).length ? { order } : {}),
  };
}
