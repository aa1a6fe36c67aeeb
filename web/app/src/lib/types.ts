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

export type InputType = 'text' | 'number' | 'image' | 'audio' | 'video' | 'url' | 'json' | 'place';

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

/** What is asked, as `project.toml` and the API have it. */
export interface ProjectQuestion {
  title: string;
  description: string;
  instructions: string;
  input: InputFields;
  output: OutputFields;
  /** The HTML of the task page, where the project brings its own. */
  template?: string;
  page?: Record<string, unknown>;
}

export interface Project extends ProjectQuestion {
  id: string;
  name: string;
  revision: number;
  created_at: string;
  instructions_html: string;
}

/** What is wrong with a task page, at a place of its template or in a key of the question. */
export interface PageMistake {
  severity: 'error' | 'warning';
  line?: number;
  column?: number;
  element?: string;
  field?: string;
  message: string;
}

/** A task that a worker could not or would not do. */
export interface TaskProblem {
  id: string;
  task: string;
  task_id: string;
  worker: string;
  kind: 'skip' | 'problem';
  reason: string;
  comment: string | null;
  at: string;
  /** When the requester had looked at it. */
  settled_at: string | null;
  /** Whether the task is handed out to nobody because of its problems. */
  paused: boolean;
}

export interface Revision {
  revision: number;
  created_at: string;
  title?: string;
  instructions_html?: string;
  input?: InputFields;
  output?: OutputFields;
}

/** An acceptable answer to a gold task: a value, or for a number a range. */
export type GoldAnswer = Value | { min: number; max: number };
/** For each field that is known, its acceptable answers; a field that is left out may be answered anyhow. */
export type Answers = Record<string, GoldAnswer[]>;

export type BatchState = 'draft' | 'open' | 'paused' | 'closed' | 'archived';

/** Something that the requester should know. */
export interface Note {
  code: 'gold-paused' | 'gold-used-up' | 'quiz-used-up' | 'no-gold' | 'budget-used-up' | (string & {});
  text: string;
}

export interface Progress {
  state: BatchState;
  tasks: number;
  done: number;
  /** Done tasks that stayed below their target. */
  ambiguous: number;
  /** Active gold tasks. */
  golds: number;
  /** Workers whose judgments do not count. */
  excluded: number;
  /** Seconds since the first judgment that the worker models do not know; `null` when they know all. */
  refit_lag_seconds: number | null;
  notes: Note[];
  in_work: number;
  left: number;
  judgments: number;
  /** Judgments that count towards `wanted`: neither on gold nor of excluded workers. */
  counted: number;
  wanted: number;
  workers: number;
  per_minute: number;
  expected_finish: string | null;
  spent: string;
  currency: string;
}

export type Overlap =
  | number
  | {
      rule?: 'auto' | 'adaptive' | 'confidence' | 'dynamic' | 'matching' | 'fixed';
      min?: number;
      max?: number;
      target?: number | Record<string, number>;
      threshold?: number;
      skill?: string;
      matching?: number;
      judgments?: number;
    };

export type Ambiguous = 'list' | 'give-up' | 'review' | { stronger: number; extra?: number } | { batch: string };

export interface GoldTerms {
  per_suite?: number;
  taper?: boolean;
  used_up?: 'stop' | 'continue';
  secret?: boolean;
  pause_missed?: number;
  pause_after?: number;
  pause_contested?: number;
  automatic?: {
    confidence?: number;
    judgments?: number;
    confirm?: boolean;
    most?: number;
    spread?: 'uniform' | Record<string, number>;
  };
}

export interface QuizTerms {
  length?: number;
  pass?: number;
  tries?: number;
  paid?: boolean;
}

export interface TrustTerms {
  minimum: number;
  from?: 'gold' | 'model' | 'both';
  evidence?: number;
  pay?: 'keep' | 'take-back';
}

export type RuleAction =
  | { restrict: 'batch' | 'project' | 'workspace'; hours?: number }
  | { skill: string; value: number | 'rate' }
  | { assignments: 'accept' | 'reject' }
  | { overlap: number }
  | { flag: string };

export interface Rule {
  collector: string;
  /** Of `acceptance`: judgments in all batches of the project, or of the workspace. */
  of?: 'project' | 'workspace';
  last?: number;
  faster_than?: number;
  when: Record<string, string | number>;
  action: RuleAction;
}

/** The rules of a batch as its requester wrote them; what is left out has the server's default. */
export interface Policy {
  overlap: Overlap;
  ambiguous: Ambiguous;
  gold: GoldTerms | null;
  quiz: QuizTerms | null;
  trust: TrustTerms | null;
  rules: Rule[];
  /** For each skill one requirement or several, such as `>= 80`, `in 1, 2`, `exists`. */
  audience: Record<string, string | string[]> | null;
}

/** A skill that some workers have. */
export interface SkillInUse {
  name: string;
  workers: number;
  lowest: number;
  highest: number;
}

export interface SkillHolder {
  worker: string;
  value: number;
  source: 'rule' | 'requester';
  updated_at: string;
}

export interface Batch extends Policy {
  id: string;
  name: string;
  project: { id: string; name: string; title: string };
  revision: number;
  state: BatchState;
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
  /** `null` where the overlap is fixed. */
  confidence: number | null;
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
  state: 'working' | 'quiz' | 'failed' | 'excluded' | 'restricted';
  why: string | null;
  gold_right: number;
  gold_answers: number;
  trust: Trust | null;
}

/** Expected accuracy, and the accuracy that is exceeded with a probability of 90 %. */
export interface Trust {
  mean: number;
  low: number;
}

/** Where a worker gets no more work, why, and until when. */
export interface Restriction {
  id: string;
  worker: string;
  scope: 'batch' | 'project' | 'workspace';
  /** Where the scope is a batch. */
  batch: string | null;
  /** The project's name, where the scope is a project. */
  project: string | null;
  why: string;
  /** For good where absent. */
  until: string | null;
  lifted_at: string | null;
}

export type ContestState = 'open' | 'accepted' | 'rejected';

/** A worker's objection to a gold task, as the requester sees it. */
export interface Contest {
  id: string;
  worker: string;
  output: Output;
  reason: string;
  state: ContestState;
  reply: string | null;
  created_at: string;
}

export type GoldOrder = 'missed' | 'contested' | 'newest';

export interface Gold {
  task: string;
  task_id: string;
  input: Input;
  answers: Answers;
  explanation: string;
  /** Whether a worker who misses it is not told. */
  secret: boolean;
  state: 'active' | 'paused' | 'withdrawn';
  /** Why it is paused or withdrawn. */
  why: string | null;
  source: 'import' | 'marked' | 'automatic';
  seen: number;
  missed: number;
  /** Open contests. */
  contested: number;
  contests: Contest[];
}

/** A finished task that could be gold. */
export interface Proposal {
  task: string;
  task_id: string;
  input: Input;
  answers: Answers;
  confidence: number;
  judgments: number;
}

/** What a policy would have bought at one of its settings, in the mean over the orders that were played. */
export interface ReplayPoint {
  setting: number;
  judgments_per_task: number;
  /** Share of the tasks whose label is that of the batch's results. */
  accuracy: number;
  deviation: number;
  done_with_2: number;
  done_with_4: number;
}

export interface ReplayCurve {
  policy: string;
  points: ReplayPoint[];
}

/** The judgments of a batch played back under other policies. */
export interface Replay {
  /** The output field that was played. */
  field: string;
  tasks: number;
  /** What the batch has bought itself. */
  judgments_per_task: number;
  price: string;
  currency: string;
  curves: ReplayCurve[];
}

/** A rule that has acted, and why. */
export interface Firing {
  id: string;
  worker: string;
  rule: number;
  collector: string;
  why: string;
  /** What was done, in words. */
  action: string;
  at: string;
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
  /** Why there are no tasks here for this worker: the batch asks for other skills. */
  why_not: string | null;
}

/** Where a worker stands in a batch. */
export interface Standing {
  state: 'ready' | 'quiz' | 'failed' | 'excluded' | 'restricted' | 'outside-audience' | 'gold-used-up' | 'quiz-used-up';
  /** One sentence; empty where there is nothing to say. */
  text: string;
  /** `answers`: answers to checked tasks that the estimate rests on. */
  trust: { percent: number; answers: number; words: string } | null;
  quiz: { length: number; pass: number; tries_left: number; paid: boolean } | null;
}

export interface QuizOutcome {
  right: number;
  of: number;
  /** Right answers that it takes. */
  needed: number;
  passed: boolean;
  tries_left: number;
}

/** What a worker is told about an answer to a gold task. */
export interface Feedback {
  task: string;
  input: Input;
  output: Output;
  right: boolean;
  /** Counts neither way, because the gold was wrong. */
  forgiven: boolean;
  answers: Answers;
  explanation: string;
  at: string;
  contest: { state: ContestState; reason: string; reply: string | null } | null;
  may_contest: boolean;
}

/** How a batch's tasks are shown, and what is recorded of the work on them. */
export interface PageTerms {
  /** Each task is a page of its own, shown in a sandboxed frame. */
  frame: boolean;
  behavior: boolean;
  shuffle: boolean;
  skip: boolean;
  submit_on_choice: boolean;
  /** Whether links of a page may open windows. */
  links: boolean;
  geolocation: boolean;
}

export interface WorkDetail extends Work {
  standing: Standing;
  instructions_html: string;
  input: InputFields;
  output: OutputFields;
  page: PageTerms;
  /** Those that are live. */
  assignments: Assignment[];
}

export interface Task {
  id: string;
  input: Input;
  /** The address of the task's own page, signed; absent where the app shows the form. */
  page?: string;
}

/** A task at a place, open to the worker who asks. */
export interface NearTask {
  task: string;
  /** Degrees of WGS 84. */
  latitude: number;
  longitude: number;
  label?: string;
  /** Metres as the crow flies. */
  distance: number;
}

/** A file of a worker as the server has stored it. */
export interface StoredMedia {
  media: string;
  url: string;
  type: string;
  size: number;
  /** How many other submissions of the batch look or sound the same. */
  duplicates: number;
}

export interface Assignment {
  id: string;
  batch: string;
  revision: number;
  claimed_at: string;
  deadline: string;
  quiz: boolean;
  tasks: Task[];
}

export interface Submitted {
  assignment: { id: string; state: string };
  judgments: number;
  earned: string;
  currency: string;
  feedback: Feedback[];
  quiz: QuizOutcome | null;
  /** `null` where the submission could not change it. */
  standing: Standing | null;
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
