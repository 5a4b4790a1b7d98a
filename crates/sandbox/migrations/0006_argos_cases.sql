-- The operator's submissions at Argos: which of its verifications each is about, and what was sent. They outlive the
-- verification until Argos has deleted them too.
CREATE TABLE argos_cases (
    argos_id         TEXT PRIMARY KEY,
    submission_id    TEXT NOT NULL,    -- of verifications
    documents_sha256 TEXT NOT NULL,    -- of the pictures that step1 took
    step1_open       INTEGER NOT NULL, -- 1 while step1 asks for another picture
    faces_sent       INTEGER NOT NULL, -- answers to step2 that were heard
    made_at_ms       INTEGER NOT NULL
) STRICT;

CREATE INDEX argos_cases_by_submission ON argos_cases (submission_id, made_at_ms);
