-- Signatures that were asked for. Of the person nothing is stored: what the request says is checked and
-- dropped. Document and signature, which may name people, are deleted after the second read of the result and
-- when they can no longer be signed or read; the rest of the row goes with the retention time.
CREATE TABLE toss_transactions (
    tx_id            TEXT PRIMARY KEY,
    client_id        TEXT NOT NULL,
    by_ci            INTEGER NOT NULL,  -- 1: asked by CI, so the result has neither CI nor DI
    trigger_type     TEXT NOT NULL,     -- PUSH, APP_SCHEME
    service_name     TEXT NOT NULL,
    doc_title        TEXT NOT NULL,
    doc              TEXT,              -- in plain text; NULL once deleted
    doc_type         TEXT NOT NULL,     -- TEXT, HTML, PDF
    doc_encrypted    INTEGER NOT NULL,
    signature_type   TEXT NOT NULL,     -- PKCS7, PKCS7_NO_CONTENT_WITH_ATTR
    success_callback TEXT,
    fail_callback    TEXT,
    state            TEXT NOT NULL,     -- requested, in_progress, completed, refused
    requested_at_ms  INTEGER NOT NULL,
    expires_at_ms    INTEGER NOT NULL,
    completed_at_ms  INTEGER,
    signed_doc       BLOB,              -- PKCS#7, DER; NULL before it is signed and once deleted
    reads            INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX toss_transactions_by_time ON toss_transactions (requested_at_ms);

-- Ids of the sessions that requests were encrypted with. Each serves one request.
CREATE TABLE toss_sessions (
    client_id  TEXT NOT NULL,
    session_id TEXT NOT NULL,
    used_at_ms INTEGER NOT NULL,
    PRIMARY KEY (client_id, session_id)
) STRICT, WITHOUT ROWID;
