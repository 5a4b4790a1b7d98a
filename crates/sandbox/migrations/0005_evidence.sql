-- Evidence as it was signed, from when its attempt was completed. Deleted when the retention time is over.
CREATE TABLE evidence (
    session_id     TEXT NOT NULL REFERENCES sessions (session_id) ON DELETE CASCADE,
    attempt        INTEGER NOT NULL,
    jws            TEXT NOT NULL,    -- compact JWS of the device key
    received_at_ms INTEGER NOT NULL,
    PRIMARY KEY (session_id, attempt)
) STRICT;
