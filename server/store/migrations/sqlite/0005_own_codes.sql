-- Codes of a territory's own, which stand where a code of a reference list is asked for. `list` is that
-- list (`waste_codes`, `activities`), `name` the code without case and accents, any sign as a hyphen,
-- `valid_from` its first day (`YYYY-MM-DD`; empty where it has none), `data` the code of the domain as
-- JSON. A flow keeps the reference code that was read, so nothing here is read again for it.
CREATE TABLE own_codes (
    territory_id TEXT    NOT NULL REFERENCES territories (territory_id) ON DELETE CASCADE,
    list         TEXT    NOT NULL CHECK (list IN ('waste_codes', 'activities')),
    name         TEXT    NOT NULL,
    valid_from   TEXT    NOT NULL,
    data         TEXT    NOT NULL,
    updated_at   INTEGER NOT NULL,
    PRIMARY KEY (territory_id, list, name, valid_from)
) STRICT;
