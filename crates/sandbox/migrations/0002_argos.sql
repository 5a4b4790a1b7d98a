-- Submissions of the stand-in for Argos. `record` is the submission as JSON; the columns beside it are what is
-- searched by. `portrait` and `face` are embeddings (32-bit floats). All of a submission goes when it is deleted.
CREATE TABLE argos_submissions (
    submission_id TEXT PRIMARY KEY,
    created_at_ms INTEGER NOT NULL,
    userid        TEXT,
    email         TEXT NOT NULL,
    status        TEXT NOT NULL,    -- approved, rejected, pending, incomplete
    result_at_ms  INTEGER,          -- when it became approved or rejected
    applicant_id  TEXT,
    aml_id        TEXT UNIQUE,      -- resource id of its screening report
    record        TEXT NOT NULL,
    portrait      BLOB,
    face          BLOB
) STRICT;

CREATE INDEX argos_submissions_by_time ON argos_submissions (created_at_ms, submission_id);
CREATE INDEX argos_submissions_by_email ON argos_submissions (email);
CREATE INDEX argos_submissions_by_status ON argos_submissions (status, created_at_ms);

-- Pictures as they were sent.
CREATE TABLE argos_images (
    submission_id TEXT NOT NULL REFERENCES argos_submissions (submission_id) ON DELETE CASCADE,
    type          TEXT NOT NULL,    -- idImage, idBackImage, selfieImage, addressImage
    bytes         BLOB NOT NULL,
    PRIMARY KEY (submission_id, type)
) STRICT;

-- Ids of submissions that were deleted, and nothing else of them: what is deleted stays deleted.
CREATE TABLE argos_deleted (
    submission_id TEXT PRIMARY KEY,
    deleted_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Webhooks that were sent. Their bodies hold personal data: those of a deleted submission go with it, and only the
-- one that tells of the deletion stays, with the id alone.
CREATE TABLE argos_webhooks (
    webhook_id    INTEGER PRIMARY KEY AUTOINCREMENT,
    submission_id TEXT NOT NULL,
    trigger_word  TEXT NOT NULL,
    url           TEXT NOT NULL,
    body          TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    tries         INTEGER NOT NULL DEFAULT 0,
    last_status   INTEGER,          -- HTTP status of the last try; NULL where none came
    last_try_ms   INTEGER,
    delivered     INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX argos_webhooks_by_submission ON argos_webhooks (submission_id);
