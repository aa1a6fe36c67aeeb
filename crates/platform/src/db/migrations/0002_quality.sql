-- Gold, trust, adaptive overlap, rules.

-- `version` is another after every change of what a claim needs to know of a batch; `policy` is JSON. `committed` is the money
-- of live leases and of what was paid, in a batch with a budget. `settled` corrects the sum of
-- tasks that submissions made done by those that came and went otherwise. `models` is the version of the worker models.
ALTER TABLE batch ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE batch ADD COLUMN policy TEXT NOT NULL DEFAULT '{}';
UPDATE batch SET policy = '{"overlap":' || CAST(overlap AS TEXT) || '}';
ALTER TABLE batch ADD COLUMN committed BIGINT NOT NULL DEFAULT 0;
UPDATE batch SET committed = COALESCE(
    (SELECT SUM(p.earned + p.leased * batch.price) FROM participation p WHERE p.batch_id = batch.id), 0);
ALTER TABLE batch ADD COLUMN settled BIGINT NOT NULL DEFAULT 0;
ALTER TABLE batch ADD COLUMN models BIGINT NOT NULL DEFAULT 0;
ALTER TABLE batch ADD COLUMN golds BIGINT NOT NULL DEFAULT 0;

-- A gold task is in no queue; `judged` counts judgments that count towards the result. `demand` is the least trust that
-- its next worker must have.
ALTER TABLE task ADD COLUMN state TEXT NOT NULL DEFAULT 'open';
ALTER TABLE task ADD COLUMN gold BIGINT NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN confidence DOUBLE PRECISION;
ALTER TABLE task ADD COLUMN demand DOUBLE PRECISION NOT NULL DEFAULT 0;
UPDATE task SET state = 'done' WHERE judged >= wanted;
CREATE INDEX task_ambiguous ON task (batch_id, id) WHERE state = 'ambiguous';

-- right, missed or forgiven; absent on tasks that were no gold.
ALTER TABLE judgment ADD COLUMN gold TEXT;
CREATE INDEX judgment_worker ON judgment (batch_id, worker_id, id);

-- `quiz` is none, passed or failed. An excluded worker's judgments do not count; `taken_back` is pay that was taken back
-- for that. `raised` is by how much the worker's submissions changed what is wanted.
ALTER TABLE participation ADD COLUMN quiz TEXT NOT NULL DEFAULT 'none';
ALTER TABLE participation ADD COLUMN quiz_tries BIGINT NOT NULL DEFAULT 0;
ALTER TABLE participation ADD COLUMN suites BIGINT NOT NULL DEFAULT 0;
ALTER TABLE participation ADD COLUMN gold_right BIGINT NOT NULL DEFAULT 0;
ALTER TABLE participation ADD COLUMN gold_answers BIGINT NOT NULL DEFAULT 0;
ALTER TABLE participation ADD COLUMN trust DOUBLE PRECISION;
ALTER TABLE participation ADD COLUMN trust_low DOUBLE PRECISION;
ALTER TABLE participation ADD COLUMN raised BIGINT NOT NULL DEFAULT 0;
ALTER TABLE participation ADD COLUMN excluded_at BIGINT;
ALTER TABLE participation ADD COLUMN excluded_by TEXT;
ALTER TABLE participation ADD COLUMN excluded_why TEXT;
ALTER TABLE participation ADD COLUMN taken_back BIGINT NOT NULL DEFAULT 0;

ALTER TABLE assignment ADD COLUMN quiz BIGINT NOT NULL DEFAULT 0;
CREATE INDEX assignment_worker ON assignment (worker_id, batch_id, id);

CREATE TABLE gold (
    task_id ID,
    batch_id BIGINT NOT NULL,
    answers TEXT NOT NULL,
    explanation TEXT NOT NULL,
    secret BIGINT NOT NULL,
    state TEXT NOT NULL,
    why TEXT,
    source TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX gold_batch ON gold (batch_id, state, task_id);

CREATE TABLE contest (
    id ID,
    batch_id BIGINT NOT NULL,
    task_id BIGINT NOT NULL,
    worker_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    reply TEXT,
    created_at BIGINT NOT NULL,
    decided_at BIGINT,
    CONSTRAINT contest_once UNIQUE (task_id, worker_id)
);
CREATE INDEX contest_batch ON contest (batch_id, id);

-- What a reviewer decided on a task.
CREATE TABLE verdict (
    task_id ID,
    batch_id BIGINT NOT NULL,
    output TEXT NOT NULL,
    member_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX verdict_batch ON verdict (batch_id);

-- The newest worker models of a batch, and which server is fitting them anew until when.
CREATE TABLE model (
    batch_id ID,
    version BIGINT NOT NULL DEFAULT 0,
    content TEXT NOT NULL DEFAULT '',
    judgments BIGINT NOT NULL DEFAULT 0,
    newest BIGINT NOT NULL DEFAULT 0,
    fitted_at BIGINT,
    took BIGINT NOT NULL DEFAULT 0,
    held_until BIGINT NOT NULL DEFAULT 0
);

-- A rule of the batch that acted on a worker; `rule` is its place among the rules then, `action` says what was done.
CREATE TABLE firing (
    id ID,
    batch_id BIGINT NOT NULL,
    worker_id BIGINT NOT NULL,
    rule BIGINT NOT NULL,
    collector TEXT NOT NULL,
    why TEXT NOT NULL,
    action TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX firing_batch ON firing (batch_id, id);

-- Rules (by their mark) whose conditions hold for a worker, and the firing that this brought about.
CREATE TABLE rule_met (
    batch_id BIGINT NOT NULL,
    worker_id BIGINT NOT NULL,
    mark BIGINT NOT NULL,
    firing_id BIGINT NOT NULL,
    PRIMARY KEY (batch_id, worker_id, mark)
);

-- Where a rule made it, `firing_id` says when it acted.
CREATE TABLE restriction (
    id ID,
    workspace_id BIGINT NOT NULL,
    worker_id BIGINT NOT NULL,
    scope TEXT NOT NULL,
    scope_id BIGINT NOT NULL,
    why TEXT NOT NULL,
    until BIGINT,
    firing_id BIGINT,
    created_at BIGINT NOT NULL,
    lifted_at BIGINT
);
CREATE INDEX restriction_worker ON restriction (worker_id, scope_id);
CREATE INDEX restriction_workspace ON restriction (workspace_id, id);

-- A skill is a named value from 0 to 100.
CREATE TABLE skill (
    workspace_id BIGINT NOT NULL,
    worker_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    source TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (worker_id, name)
);

-- What rules look at: the last answers to gold, and what was earned since yesterday.
CREATE INDEX judgment_gold ON judgment (batch_id, worker_id, id) WHERE gold IS NOT NULL;
DROP INDEX transfer_credit;
CREATE INDEX transfer_credit ON transfer (credit, id);
-- Judgments that a rule asked for, beyond what the overlap wants; 0 if none did.
ALTER TABLE task ADD COLUMN least BIGINT NOT NULL DEFAULT 0;
-- Whether a rule accepted the worker's assignments: then trust does not exclude.
ALTER TABLE participation ADD COLUMN accepted BIGINT NOT NULL DEFAULT 0;
