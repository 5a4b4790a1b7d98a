-- What a person typed, in the spelling that is compared. It becomes the result of an approved verification; of any
-- other it is deleted when the retention time is over.
CREATE TABLE typed_people (
    session_id  TEXT PRIMARY KEY REFERENCES sessions (session_id) ON DELETE CASCADE,
    person      TEXT NOT NULL,      -- JSON of the form
    typed_at_ms INTEGER NOT NULL
) STRICT;

-- Text messages that were "sent". Deleted when the retention time is over.
CREATE TABLE text_messages (
    id         INTEGER PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (session_id) ON DELETE CASCADE,
    recipient  TEXT NOT NULL,
    text       TEXT NOT NULL,
    sent_at_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX text_messages_by_recipient ON text_messages (recipient, id);

-- Signatures that the operator asked for, the last one of a session last. What is signed holds no personal data.
-- Toss obliges its customers to store the signed document with the transaction.
CREATE TABLE signatures (
    tx_id        TEXT PRIMARY KEY,
    session_id   TEXT NOT NULL REFERENCES sessions (session_id) ON DELETE CASCADE,
    document     TEXT NOT NULL,     -- the text that was sent to be signed
    reads        TEXT NOT NULL,     -- JSON: reads of the result, and until when it can be read
    asked_at_ms  INTEGER NOT NULL,
    signed_doc   BLOB,              -- PKCS#7, DER; NULL until the result was read
    signer       TEXT               -- JSON of who signed; NULL until the signature was verified
) STRICT;

CREATE INDEX signatures_by_session ON signatures (session_id, asked_at_ms);
