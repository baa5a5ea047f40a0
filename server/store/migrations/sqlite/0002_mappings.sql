-- Which column of a sheet is which, as a person confirmed it, by the shape of the sheet's headings.
-- `data` is the mapping as JSON; the store does not look into it.

CREATE TABLE mappings (
    territory_id TEXT    NOT NULL REFERENCES territories (territory_id),
    shape        TEXT    NOT NULL,
    data         TEXT    NOT NULL,
    updated_at   INTEGER NOT NULL,
    PRIMARY KEY (territory_id, shape)
) STRICT;
