-- Where the customer is told that a verification has ended, and the address it gave of the person. The address of whoever
-- was not approved is deleted when the retention time is over.
ALTER TABLE verifications ADD COLUMN webhook_url TEXT;
ALTER TABLE verifications ADD COLUMN email TEXT;

-- Webhooks of verifications that have ended. Their bodies name the verification and nobody.
CREATE TABLE verification_webhooks (
    webhook_id    INTEGER PRIMARY KEY AUTOINCREMENT,
    submission_id TEXT NOT NULL REFERENCES verifications (submission_id) ON DELETE CASCADE,
    url           TEXT NOT NULL,
    body          TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    taken         INTEGER NOT NULL DEFAULT 0,  -- 1 once this process delivers it
    tries         INTEGER NOT NULL DEFAULT 0,
    last_status   INTEGER,                     -- HTTP status of the last try; NULL where none came
    last_try_ms   INTEGER,
    delivered     INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX verification_webhooks_by_submission ON verification_webhooks (submission_id);

-- What a transaction at Toss is for: doc (a signature), identity or simple (a user authentication).
ALTER TABLE toss_transactions ADD COLUMN kind TEXT NOT NULL DEFAULT 'doc';
