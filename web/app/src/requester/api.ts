import { request } from '../lib/http';
import type {
  Answers,
  Batch,
  BatchTask,
  BatchTaskDetail,
  BatchWorker,
  Firing,
  Gold,
  GoldOrder,
  Input,
  Invitation,
  Member,
  NewInvitation,
  NewToken,
  Output,
  OutputFields,
  Page,
  PageMistake,
  Project,
  ProjectQuestion,
  Proposal,
  Replay,
  Restriction,
  Results,
  Revision,
  Role,
  Scope,
  SkillHolder,
  SkillInUse,
  TaskProblem,
  Token,
} from '../lib/types';

const part = encodeURIComponent;

export function query(values: Record<string, string | number | null | undefined>): string {
  const known = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return known.length ? `?${new URLSearchParams(known.map(([name, value]) => [name, String(value)]))}` : '';
}

export const listProjects = () => request<Page<Project>>(`/projects${query({ limit: 200 })}`);
export const getProject = (name: string) => request<Project>(`/projects/${part(name)}`);
export const listRevisions = (name: string) => request<Page<Revision>>(`/projects/${part(name)}/revisions`);

/** The keys of a question that a draft or a new revision has; without `output` the template says what is asked. */
export type Draft = Omit<ProjectQuestion, 'output'> & { output?: ProjectQuestion['output'] };
export const putProject = (name: string, json: Draft) =>
  request<Project>(`/projects/${part(name)}`, { method: 'PUT', json });
export const lookAt = (json: { question: Draft; input: Input; project: string }) =>
  request<{ mistakes: PageMistake[]; fields: OutputFields }>('/preview', { method: 'POST', json });

export const listBatches = (project?: string) => request<Page<Batch>>(`/batches${query({ project, limit: 200 })}`);
export const getBatch = (id: string) => request<Batch>(`/batches/${part(id)}`);

export type BatchAction = 'open' | 'pause' | 'close' | 'archive';
export const changeBatch = (id: string, action: BatchAction) =>
  request<Batch>(`/batches/${part(id)}/${action}`, { method: 'POST' });

export const firstTask = async (batch: string) =>
  (await request<Page<BatchTask>>(`/batches/${part(batch)}/tasks${query({ limit: 1 })}`)).items[0];
export const firstTasks = async (batch: string, limit: number) =>
  (await request<Page<BatchTask>>(`/batches/${part(batch)}/tasks${query({ limit })}`)).items;
export const listProblems = (batch: string, after: string | null = null) =>
  request<Page<TaskProblem>>(`/batches/${part(batch)}/problems${query({ limit: 50, after })}`);
/** Settles what workers said of a task; one that was paused is handed out again. */
export const resumeTask = (batch: string, task: string) =>
  request<void>(`/batches/${part(batch)}/tasks/${part(task)}/resume`, { method: 'POST' });
export const getTask = (batch: string, task: string) =>
  request<BatchTaskDetail>(`/batches/${part(batch)}/tasks/${part(task)}`);

export const listTasks = (batch: string, state: 'ambiguous', after: string | null = null) =>
  request<Page<BatchTask>>(`/batches/${part(batch)}/tasks${query({ state, limit: 50, after })}`);
export const decide = (batch: string, task: string, output: Output) =>
  request<void>(`/batches/${part(batch)}/tasks/${part(task)}/decide`, { method: 'POST', json: { output } });

const goldPath = (batch: string, task = '', action = '') =>
  `/batches/${part(batch)}/gold${task && `/${part(task)}`}${action && `/${action}`}`;
export const listGold = (batch: string, sort: GoldOrder) =>
  request<Page<Gold>>(`${goldPath(batch)}${query({ sort, limit: 1000 })}`);
/** The file as it is: the server reads CSV, and NDJSON or a JSON array. */
export const importGold = (batch: string, file: Blob, type: string) =>
  request<{ added: number; unchanged: number }>(goldPath(batch), { method: 'POST', body: file, type });
export const putGold = (
  batch: string,
  task: string,
  json: { answers: Answers; explanation?: string; secret?: boolean },
) => request<void>(goldPath(batch, task), { method: 'PUT', json });
export type GoldAction = 'pause' | 'resume' | 'withdraw';
export const changeGold = (batch: string, task: string, action: GoldAction) =>
  request<void>(goldPath(batch, task, action), { method: 'POST' });
export const listProposals = (batch: string) => request<Page<Proposal>>(`${goldPath(batch)}/proposals`);
export const confirmProposals = (batch: string, tasks: string[]) =>
  request<{ added: number }>(`${goldPath(batch)}/proposals`, { method: 'POST', json: { tasks } });

/** Without answers the gold is withdrawn. */
export const acceptContest = (batch: string, contest: string, json: { answers?: Answers; reply?: string }) =>
  request<void>(`/batches/${part(batch)}/contests/${part(contest)}/accept`, { method: 'POST', json });
export const rejectContest = (batch: string, contest: string, reply: string) =>
  request<void>(`/batches/${part(batch)}/contests/${part(contest)}/reject`, { method: 'POST', json: { reply } });

const workerPath = (batch: string, worker: string) => `/batches/${part(batch)}/workers/${part(worker)}`;
export const exclude = (batch: string, worker: string, reason: string) =>
  request<void>(`${workerPath(batch, worker)}/exclude`, { method: 'POST', json: { reason } });
export const reinstate = (batch: string, worker: string) =>
  request<void>(`${workerPath(batch, worker)}/reinstate`, { method: 'POST' });
export const listRestrictions = (worker: string) =>
  request<Page<Restriction>>(`/restrictions${query({ worker, limit: 1000 })}`);
export const liftRestriction = (id: string) => request<void>(`/restrictions/${part(id)}`, { method: 'DELETE' });
export const listFirings = (batch: string, after: string | null = null) =>
  request<Page<Firing>>(`/batches/${part(batch)}/firings${query({ limit: 50, after })}`);

export const getReplay = (batch: string) => request<Replay>(`/batches/${part(batch)}/replay`);

export type Method = 'auto' | 'dawid-skene' | 'majority-vote';
export const listResults = (batch: string, method: Method, after: string | null) =>
  request<Results>(`/batches/${part(batch)}/results${query({ method, limit: 50, after })}`);
export const listWorkers = (batch: string, after: string | null) =>
  request<Page<BatchWorker>>(`/batches/${part(batch)}/workers${query({ limit: 50, after })}`);

export const downloadable = ['results', 'judgments', 'workers'] as const;
export const formats = ['csv', 'ndjson', 'parquet'] as const;
export const downloadPath = (
  batch: string,
  what: (typeof downloadable)[number],
  format: (typeof formats)[number],
  method?: Method,
) => `/api/v1/batches/${part(batch)}/${what}${query({ format, method: what === 'results' ? method : null })}`;

export const listMembers = () => request<Page<Member>>(`/members${query({ limit: 200 })}`);
export const changeMember = (id: string, json: { role?: Role; disabled?: boolean }) =>
  request<void>(`/members/${part(id)}`, { method: 'PATCH', json });
export const listInvitations = () => request<Page<Invitation>>('/invitations');
export const invite = (json: { role: Role; uses: number; expires_in_hours: number }) =>
  request<NewInvitation>('/invitations', { method: 'POST', json });
export const withdraw = (id: string) => request<void>(`/invitations/${part(id)}`, { method: 'DELETE' });

export const listSkills = () => request<Page<SkillInUse>>('/skills');
export const listHolders = (skill: string, after: string | null) =>
  request<Page<SkillHolder>>(`/skills/${part(skill)}${query({ limit: 50, after })}`);
const skillPath = (worker: string, skill: string) => `/workers/${part(worker)}/skills/${part(skill)}`;
export const giveSkill = (worker: string, skill: string, value: number) =>
  request<void>(skillPath(worker, skill), { method: 'PUT', json: { value } });
export const takeSkill = (worker: string, skill: string) =>
  request<void>(skillPath(worker, skill), { method: 'DELETE' });

export const listTokens = () => request<Page<Token>>('/tokens');
export const createToken = (json: { name: string; scopes: Scope[]; expires_in_days: number }) =>
  request<NewToken>('/tokens', { method: 'POST', json });
export const revokeToken = (id: string) => request<void>(`/tokens/${part(id)}`, { method: 'DELETE' });
