-- Answers given to questions of runs. `question` is the name of the question, `data` the answer of the
-- domain as JSON. It hangs on no flow: an answer outlives the row it is about, and its next import.
CREATE TABLE answers (
    territory_id TEXT    NOT NULL REFERENCES territories (territory_id) ON DELETE CASCADE,
    question     TEXT    NOT NULL,
    data         TEXT    NOT NULL,
    updated_at   INTEGER NOT NULL,
    PRIMARY KEY (territory_id, question)
) STRICT;
