-- What the operator of a territory decided that words name. `direction` is the side it is decided for
-- (0 output, 1 input), `name` the words without case, accents and punctuation, `data` the decision of
-- the domain as JSON. It hangs on no flow: it is for every flow of the name, declared and to come.
CREATE TABLE synonyms (
    territory_id TEXT    NOT NULL REFERENCES territories (territory_id) ON DELETE CASCADE,
    direction    INTEGER NOT NULL CHECK (direction IN (0, 1)),
    name         TEXT    NOT NULL,
    data         TEXT    NOT NULL,
    updated_at   INTEGER NOT NULL,
    PRIMARY KEY (territory_id, direction, name)
) STRICT;
