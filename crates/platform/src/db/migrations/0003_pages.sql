-- What task pages bring along: behaviour, skipped tasks, uploads of workers, places.

-- Both are JSON and absent where the page told nothing: counts and times of the work on the task, and for fields whose
-- options were shuffled the values in the order shown.
ALTER TABLE judgment ADD COLUMN behavior TEXT;
ALTER TABLE judgment ADD COLUMN shown_order TEXT;

-- A task that a worker passed on instead of judging it; `kind` is skip or problem. A problem is settled when the requester
-- has looked at it.
CREATE TABLE skip (
    id ID,
    batch_id BIGINT NOT NULL,
    task_id BIGINT NOT NULL,
    worker_id BIGINT NOT NULL,
    assignment_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    comment TEXT,
    created_at BIGINT NOT NULL,
    settled_at BIGINT,
    CONSTRAINT skip_once UNIQUE (task_id, worker_id)
);
CREATE INDEX skip_worker ON skip (batch_id, worker_id, id);
CREATE INDEX skip_batch ON skip (batch_id, id);
ALTER TABLE participation ADD COLUMN skipped BIGINT NOT NULL DEFAULT 0;

-- Set while a task is handed out to nobody, because too many reported a problem with it.
ALTER TABLE task ADD COLUMN paused_at BIGINT;
CREATE INDEX task_paused ON task (batch_id, id) WHERE paused_at IS NOT NULL;

-- A file that a worker uploaded for a field of a task. `print` is what the content looks or sounds like; `duplicates` says
-- how many earlier ones of the batch look or sound the same. `used_at` is when an answer named it.
CREATE TABLE upload (
    id ID,
    workspace_id BIGINT NOT NULL,
    batch_id BIGINT NOT NULL,
    task_id BIGINT NOT NULL,
    worker_id BIGINT NOT NULL,
    assignment_id BIGINT NOT NULL,
    field TEXT NOT NULL,
    object TEXT NOT NULL,
    content_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    hash TEXT NOT NULL,
    print TEXT,
    duplicates BIGINT NOT NULL DEFAULT 0,
    used_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX upload_assignment ON upload (assignment_id, task_id);
CREATE INDEX upload_unused ON upload (id) WHERE used_at IS NULL;
CREATE INDEX upload_worker ON upload (batch_id, worker_id, id) WHERE used_at IS NOT NULL;

-- Parts of what files look or sound like; files with a part in common are compared.
CREATE TABLE upload_part (
    batch_id BIGINT NOT NULL,
    part BIGINT NOT NULL,
    upload_id BIGINT NOT NULL,
    PRIMARY KEY (batch_id, part, upload_id)
);
CREATE INDEX upload_part_upload ON upload_part (upload_id);

-- Where a task is, in degrees of WGS 84.
CREATE TABLE task_place (
    task_id ID,
    batch_id BIGINT NOT NULL,
    latitude DOUBLE PRECISION NOT NULL,
    longitude DOUBLE PRECISION NOT NULL
);
CREATE INDEX task_place_latitude ON task_place (batch_id, latitude, longitude);
