-- Customers' servers that may ask for tokens. Only public keys are here: the secret half is shown once, when
-- the client is made, and kept by the customer.
CREATE TABLE clients (
    client_id     TEXT PRIMARY KEY,
    jwks          TEXT NOT NULL,    -- {"keys": [public JWK]}
    created_at_ms INTEGER NOT NULL
) STRICT;

-- Assertions that were used. A row lives as long as its assertion could be presented again.
CREATE TABLE assertion_ids (
    client_id    TEXT NOT NULL REFERENCES clients (client_id),
    jti          TEXT NOT NULL,
    expires_at_s INTEGER NOT NULL,
    PRIMARY KEY (client_id, jti)
) STRICT, WITHOUT ROWID;

-- People as each client knows them. The ppid is pairwise: another client has another one for the same person.
CREATE TABLE people (
    ppid      TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (client_id),
    user_id   TEXT,                 -- the customer's own id; NULL where the customer named none
    UNIQUE (client_id, user_id)
) STRICT;

-- Verifications that were started. Status and reason stay NULL until the verification has ended.
CREATE TABLE verifications (
    submission_id    TEXT PRIMARY KEY,
    ppid             TEXT NOT NULL REFERENCES people (ppid) ON DELETE CASCADE,
    country          TEXT NOT NULL,
    policy_key       TEXT NOT NULL,
    redirect_success TEXT NOT NULL,
    redirect_fail    TEXT NOT NULL,
    started_at_ms    INTEGER NOT NULL,
    status           TEXT,          -- approved, rejected, expired, canceled
    reason           TEXT,          -- NULL when approved
    attempts         INTEGER,
    completed_at_ms  INTEGER
) STRICT;

CREATE INDEX verifications_by_person ON verifications (ppid, completed_at_ms);

-- The relay's sessions. `state` is the session as JSON; `version` goes up with every change, and a change is
-- written only over the version it was made from. No token is stored, only the SHA-256 of the session token.
CREATE TABLE sessions (
    session_id    TEXT PRIMARY KEY,
    submission_id TEXT NOT NULL UNIQUE REFERENCES verifications (submission_id) ON DELETE CASCADE,
    version       INTEGER NOT NULL,
    token_sha256  TEXT UNIQUE,      -- NULL until the start token is exchanged
    expires_at_ms INTEGER NOT NULL,
    state         TEXT NOT NULL
) STRICT;

-- Pictures, one for each place in an attempt. Deleted when the retention time of the terms is over.
CREATE TABLE captures (
    session_id     TEXT NOT NULL REFERENCES sessions (session_id) ON DELETE CASCADE,
    attempt        INTEGER NOT NULL,
    kind           TEXT NOT NULL,
    sha256         TEXT NOT NULL,
    jpeg           BLOB NOT NULL,
    received_at_ms INTEGER NOT NULL,
    PRIMARY KEY (session_id, attempt, kind)
) STRICT;

-- What was found in each attempt. Evidence goes with the captures when the retention time is over; the finding
-- (check outcomes and scores) and the reading, which is the result, stay with the verification.
CREATE TABLE decisions (
    session_id    TEXT NOT NULL REFERENCES sessions (session_id) ON DELETE CASCADE,
    attempt       INTEGER NOT NULL,
    evidence      TEXT,             -- JSON of the page's evidence; NULL once deleted
    finding       TEXT NOT NULL,    -- JSON of the operator's finding
    reading       TEXT,             -- JSON of what the operator read off the document
    decided_at_ms INTEGER NOT NULL,
    PRIMARY KEY (session_id, attempt)
) STRICT;
