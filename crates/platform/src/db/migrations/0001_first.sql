-- `ID` becomes the engine's 64-bit primary key, `FLOAT` its double. Times are microseconds UTC, money micro-units,
-- JSON is TEXT.

CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE workspace (
    id ID,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE account (
    id ID,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT account_email UNIQUE (email)
);

-- A member without an account stands for an imported worker of that external name.
CREATE TABLE member (
    id ID,
    workspace_id BIGINT NOT NULL REFERENCES workspace (id),
    account_id BIGINT REFERENCES account (id),
    external_name TEXT,
    role TEXT NOT NULL,
    pseudonym TEXT NOT NULL,
    disabled BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    CONSTRAINT member_account UNIQUE (workspace_id, account_id),
    CONSTRAINT member_external_name UNIQUE (workspace_id, external_name),
    CONSTRAINT member_pseudonym UNIQUE (workspace_id, pseudonym)
);

CREATE TABLE session (
    token_hash TEXT NOT NULL PRIMARY KEY,
    member_id BIGINT NOT NULL REFERENCES member (id),
    csrf TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE api_token (
    id ID,
    member_id BIGINT NOT NULL REFERENCES member (id),
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT,
    CONSTRAINT api_token_hash UNIQUE (token_hash)
);

CREATE TABLE invitation (
    id ID,
    workspace_id BIGINT NOT NULL REFERENCES workspace (id),
    token_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    uses BIGINT NOT NULL,
    used BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT invitation_hash UNIQUE (token_hash),
    CONSTRAINT invitation_used CHECK (used <= uses)
);

CREATE TABLE project (
    id ID,
    workspace_id BIGINT NOT NULL REFERENCES workspace (id),
    name TEXT NOT NULL,
    revision_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT project_name UNIQUE (workspace_id, name)
);

CREATE TABLE revision (
    id ID,
    project_id BIGINT NOT NULL REFERENCES project (id),
    number BIGINT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    question TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT revision_number UNIQUE (project_id, number)
);

CREATE TABLE media (
    id ID,
    project_id BIGINT NOT NULL REFERENCES project (id),
    path TEXT NOT NULL,
    object TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    content_type TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT media_path UNIQUE (project_id, path)
);

CREATE TABLE batch (
    id ID,
    project_id BIGINT NOT NULL REFERENCES project (id),
    workspace_id BIGINT NOT NULL REFERENCES workspace (id),
    revision_id BIGINT NOT NULL REFERENCES revision (id),
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    overlap BIGINT NOT NULL,
    suite_size BIGINT NOT NULL,
    time_limit BIGINT NOT NULL,
    price BIGINT NOT NULL,
    currency TEXT NOT NULL,
    budget BIGINT,
    max_judgments BIGINT,
    tasks BIGINT NOT NULL DEFAULT 0,
    wanted BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    opened_at BIGINT,
    CONSTRAINT batch_name UNIQUE (project_id, name)
);
CREATE INDEX batch_workspace ON batch (workspace_id, id);

-- From here on the tables of the hot path: their ids come from rows that the same transaction has read, and a foreign
-- key would make every claim and submission lock the same batch row.

-- open_slots = wanted - judged - leased now. `place` is where the task stands in its batch's queue; a task whose slot
-- comes free again goes to the back.
CREATE TABLE task (
    id ID,
    batch_id BIGINT NOT NULL,
    name TEXT,
    input TEXT NOT NULL,
    wanted BIGINT NOT NULL,
    judged BIGINT NOT NULL DEFAULT 0,
    open_slots BIGINT NOT NULL,
    place BIGINT NOT NULL,
    CONSTRAINT task_name UNIQUE (batch_id, name),
    CONSTRAINT task_open_slots CHECK (open_slots >= 0 AND judged + open_slots <= wanted)
);
CREATE INDEX task_queue ON task (batch_id, place) WHERE open_slots > 0;
CREATE INDEX task_batch ON task (batch_id, id);

-- One worker's work on one batch. `cursor` is the place in the queue up to which the worker has been served.
CREATE TABLE participation (
    batch_id BIGINT NOT NULL,
    worker_id BIGINT NOT NULL,
    cursor BIGINT NOT NULL DEFAULT 0,
    rewound_at BIGINT NOT NULL DEFAULT 0,
    leased BIGINT NOT NULL DEFAULT 0,
    judgments BIGINT NOT NULL DEFAULT 0,
    completed BIGINT NOT NULL DEFAULT 0,
    earned BIGINT NOT NULL DEFAULT 0,
    worked BIGINT NOT NULL DEFAULT 0,
    first_at BIGINT,
    last_at BIGINT,
    PRIMARY KEY (batch_id, worker_id),
    CONSTRAINT participation_leased CHECK (leased >= 0)
);
CREATE INDEX participation_worker ON participation (worker_id);

-- The terms of a lease (price, revision) are those of its claim.
CREATE TABLE assignment (
    id ID,
    batch_id BIGINT NOT NULL,
    worker_id BIGINT NOT NULL,
    revision_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    tasks TEXT NOT NULL,
    price BIGINT NOT NULL,
    currency TEXT NOT NULL,
    claimed_at BIGINT NOT NULL,
    deadline BIGINT NOT NULL,
    ended_at BIGINT,
    answer_hash TEXT
);
CREATE INDEX assignment_live ON assignment (worker_id, batch_id) WHERE state = 'leased';
CREATE INDEX assignment_deadline ON assignment (deadline) WHERE state = 'leased';

CREATE TABLE judgment (
    id ID,
    batch_id BIGINT NOT NULL,
    task_id BIGINT NOT NULL,
    worker_id BIGINT NOT NULL,
    assignment_id BIGINT,
    revision_id BIGINT NOT NULL,
    output TEXT NOT NULL,
    submitted_at BIGINT NOT NULL,
    duration BIGINT,
    CONSTRAINT judgment_once UNIQUE (task_id, worker_id)
);
CREATE INDEX judgment_batch ON judgment (batch_id, id);

-- Every row moves one amount from one account to another, so the ledger balances by construction.
CREATE TABLE transfer (
    id ID,
    debit BIGINT NOT NULL,
    credit BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    reason TEXT NOT NULL,
    assignment_id BIGINT,
    created_at BIGINT NOT NULL,
    CONSTRAINT transfer_amount CHECK (amount > 0)
);
CREATE INDEX transfer_credit ON transfer (credit);

CREATE TABLE idempotency (
    scope_id BIGINT NOT NULL,
    token TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    answer TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (scope_id, token)
);
