// The shapes of /api/v1. Times are RFC 3339 strings, money is a decimal string beside its currency.

export type Role = 'owner' | 'requester' | 'reviewer' | 'worker';

export interface Site {
  workspace: string | null;
  setup_required: boolean;
  open_signup: boolean;
  version: string;
}

export interface Money {
  amount: string;
  currency: string;
}

export interface Me {
  id: string;
  name: string;
  email: string;
  role: Role;
  workspace: { id: string; name: string };
  pseudonym: string;
  csrf: string | null;
  earned: Money[];
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type InputType = 'text' | 'number' | 'image' | 'audio' | 'video' | 'url' | 'json';

export interface InputField {
  type: InputType;
  label?: string;
  required?: boolean;
}

export interface Option {
  value: string;
  label: string;
  help?: string;
  key?: string;
}

interface Question {
  label: string;
  help?: string;
  required?: boolean;
}

export interface ChoiceField extends Question {
  type: 'choice';
  options: Option[];
}

export interface ChoicesField extends Question {
  type: 'choices';
  options: Option[];
  min?: number;
  max?: number;
}

export interface NumberField extends Question {
  type: 'number';
  min?: number;
  max?: number;
  integer?: boolean;
  unit?: string;
}

export interface RatingField extends Question {
  type: 'rating';
  min: number;
  max: number;
  low?: string;
  high?: string;
}

export interface TextField extends Question {
  type: 'text';
  min_length?: number;
  max_length?: number;
  multiline?: boolean;
  placeholder?: string;
}

export type OutputField = ChoiceField | ChoicesField | NumberField | RatingField | TextField;
export type Value = string | number | string[];
export type Output = Record<string, Value>;
export type Input = Record<string, unknown>;
export type InputFields = Record<string, InputField>;
export type OutputFields = Record<string, OutputField>;

export interface Project {
  id: string;
  name: string;
  title: string;
  description: string;
  revision: number;
  created_at: string;
  instructions: string;
  instructions_html: string;
  input: InputFields;
  output: OutputFields;
}

export interface Revision {
  revision: number;
  created_at: string;
  title?: string;
  instructions_html?: string;
  input?: InputFields;
  output?: OutputFields;
}

export type BatchState = 'draft' | 'open' | 'paused' | 'closed' | 'archived';

export interface Progress {
  state: BatchState;
  tasks: number;
  done: number;
  in_work: number;
  left: number;
  judgments: number;
  wanted: number;
  workers: number;
  per_minute: number;
  expected_finish: string | null;
  spent: string;
  currency: string;
}

export interface Batch {
  id: string;
  name: string;
  project: { id: string; name: string; title: string };
  revision: number;
  state: BatchState;
  overlap: number;
  suite_size: number;
  time_limit_minutes: number;
  price: string;
  currency: string;
  budget: string | null;
  max_judgments_per_worker: number | null;
  created_at: string;
  opened_at: string | null;
  progress: Progress;
}

export interface BatchTask {
  id: string;
  name: string | null;
  input: Input;
  state: 'open' | 'done';
  judgments: number;
  wanted: number;
}

export interface Judgment {
  id: string;
  worker: string;
  output: Output;
  submitted_at: string;
  seconds: number | null;
}

export interface BatchTaskDetail extends Omit<BatchTask, 'judgments'> {
  judgments: Judgment[];
}

export interface FieldResult {
  value: Value | null;
  confidence: number | null;
  judgments: number;
  probabilities: Record<string, number> | null;
}

export interface Result {
  task: string;
  task_id: string;
  input: Input;
  state: 'open' | 'done';
  judgments: number;
  /** `null` where nobody has answered the question yet. */
  fields: Record<string, FieldResult | null>;
}

export interface Results extends Page<Result> {
  method: string;
  version: string;
}

export interface BatchWorker {
  worker: string;
  judgments: number;
  accuracy: number | null;
  earned: string;
  currency: string;
  first: string | null;
  last: string | null;
  source: 'app' | 'import';
}

export interface Work {
  id: string;
  title: string;
  description: string;
  price: string;
  currency: string;
  suite_size: number;
  time_limit_minutes: number;
  seconds_per_task: number | null;
  tasks_left: number;
  judged: number;
  earned: string;
}

export interface WorkDetail extends Work {
  instructions_html: string;
  input: InputFields;
  output: OutputFields;
}

export interface Task {
  id: string;
  input: Input;
}

export interface Assignment {
  id: string;
  batch: string;
  revision: number;
  claimed_at: string;
  deadline: string;
  tasks: Task[];
}

export interface Submitted {
  assignment: { id: string; state: string };
  judgments: number;
  earned: string;
  currency: string;
}

export interface Member {
  id: string;
  name: string;
  email: string;
  role: Role;
  pseudonym: string;
  disabled: boolean;
  created_at: string;
}

export interface Invitation {
  id: string;
  role: Role;
  uses: number;
  used: number;
  expires_at: string;
}

export interface NewInvitation extends Invitation {
  token: string;
  link: string;
}

export type Scope = 'work' | 'read' | 'write' | 'admin';

export interface Token {
  id: string;
  name: string;
  scopes: Scope[];
  expires_at: string | null;
  created_at: string;
  last_used_at: string | null;
}

export interface NewToken extends Token {
  token: string;
}
