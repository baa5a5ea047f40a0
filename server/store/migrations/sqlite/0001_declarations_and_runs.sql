-- Declarations and runs. The territory is the first column of every key. Times are microseconds
-- since 1970. `data` is the value of the domain as JSON; the columns beside it are those looked up by.
-- Text is compared byte by byte, as the domain compares keys.

CREATE TABLE territories (
    territory_id TEXT    NOT NULL PRIMARY KEY,
    revision     INTEGER NOT NULL,
    data         TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE zones (
    territory_id TEXT    NOT NULL REFERENCES territories (territory_id),
    zone_id      TEXT    NOT NULL,
    parent_id    TEXT,
    data         TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    PRIMARY KEY (territory_id, zone_id),
    FOREIGN KEY (territory_id, parent_id) REFERENCES zones (territory_id, zone_id)
) STRICT;
CREATE INDEX zones_by_parent ON zones (territory_id, parent_id);

CREATE TABLE firms (
    territory_id TEXT    NOT NULL REFERENCES territories (territory_id),
    firm_key     TEXT    NOT NULL,
    data         TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    PRIMARY KEY (territory_id, firm_key)
) STRICT;

CREATE TABLE sites (
    territory_id TEXT    NOT NULL,
    site_key     TEXT    NOT NULL,
    firm_key     TEXT    NOT NULL,
    zone_id      TEXT    NOT NULL,
    data         TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    PRIMARY KEY (territory_id, site_key),
    UNIQUE (territory_id, zone_id, site_key),
    FOREIGN KEY (territory_id, firm_key) REFERENCES firms (territory_id, firm_key),
    FOREIGN KEY (territory_id, zone_id) REFERENCES zones (territory_id, zone_id)
) STRICT;
CREATE INDEX sites_by_firm ON sites (territory_id, firm_key);

-- The zone of a flow is that of its site: the foreign key keeps it so when the site moves.
-- direction: 0 output, 1 input, the order of the domain.
CREATE TABLE flows (
    territory_id TEXT    NOT NULL,
    site_key     TEXT    NOT NULL,
    direction    INTEGER NOT NULL CHECK (direction IN (0, 1)),
    reference    TEXT    NOT NULL,
    zone_id      TEXT    NOT NULL,
    data         TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    PRIMARY KEY (territory_id, site_key, direction, reference),
    FOREIGN KEY (territory_id, zone_id, site_key)
        REFERENCES sites (territory_id, zone_id, site_key) ON UPDATE CASCADE
) STRICT;
CREATE INDEX flows_by_zone ON flows (territory_id, zone_id, site_key);

-- Requests already done, with the bytes to answer a repetition.
CREATE TABLE requests (
    territory_id TEXT    NOT NULL REFERENCES territories (territory_id),
    principal    TEXT    NOT NULL,
    request_id   TEXT    NOT NULL,
    hash         BLOB    NOT NULL,
    response     BLOB    NOT NULL,
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (territory_id, principal, request_id)
) STRICT;

CREATE TABLE runs (
    territory_id      TEXT    NOT NULL REFERENCES territories (territory_id),
    run_id            TEXT    NOT NULL,
    zones             TEXT    NOT NULL,
    state             TEXT    NOT NULL
        CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    attempts          INTEGER NOT NULL,
    cancel_requested  INTEGER NOT NULL CHECK (cancel_requested IN (0, 1)),
    stage             TEXT,
    done              INTEGER NOT NULL,
    total             INTEGER NOT NULL,
    failure_code      TEXT,
    failure_detail    TEXT,
    input_digest      TEXT    NOT NULL,
    knowledge_version TEXT    NOT NULL,
    solver_version    TEXT    NOT NULL,
    created_at        INTEGER NOT NULL,
    started_at        INTEGER,
    finished_at       INTEGER,
    updated_at        INTEGER NOT NULL,
    PRIMARY KEY (territory_id, run_id)
) STRICT;
CREATE INDEX runs_by_age ON runs (territory_id, created_at, run_id);

-- Apart from `runs`, so that telling progress does not rewrite a snapshot.
CREATE TABLE run_inputs (
    territory_id TEXT NOT NULL,
    run_id       TEXT NOT NULL,
    settings     TEXT NOT NULL,
    snapshot     TEXT NOT NULL,
    PRIMARY KEY (territory_id, run_id),
    FOREIGN KEY (territory_id, run_id) REFERENCES runs (territory_id, run_id) ON DELETE CASCADE
) STRICT;

CREATE TABLE run_answers (
    territory_id TEXT NOT NULL,
    run_id       TEXT NOT NULL,
    answer       BLOB NOT NULL,
    PRIMARY KEY (territory_id, run_id),
    FOREIGN KEY (territory_id, run_id) REFERENCES runs (territory_id, run_id) ON DELETE CASCADE
) STRICT;

-- rank: its place in the run. pair_key: the key of the pair as JSON, which no separator can blur.
-- sent: thousandths of the unit of the output, per year.
CREATE TABLE proposals (
    territory_id TEXT    NOT NULL,
    run_id       TEXT    NOT NULL,
    rank         INTEGER NOT NULL,
    pair_key     TEXT    NOT NULL,
    plan         TEXT    NOT NULL,
    score        REAL    NOT NULL,
    sent         INTEGER NOT NULL,
    data         TEXT    NOT NULL,
    PRIMARY KEY (territory_id, run_id, rank),
    FOREIGN KEY (territory_id, run_id) REFERENCES runs (territory_id, run_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX proposals_by_pair ON proposals (territory_id, run_id, pair_key, rank);

CREATE TABLE rejections (
    territory_id TEXT    NOT NULL,
    run_id       TEXT    NOT NULL,
    site_key     TEXT    NOT NULL,
    direction    INTEGER NOT NULL CHECK (direction IN (0, 1)),
    reference    TEXT    NOT NULL,
    data         TEXT    NOT NULL,
    PRIMARY KEY (territory_id, run_id, site_key, direction, reference),
    FOREIGN KEY (territory_id, run_id) REFERENCES runs (territory_id, run_id) ON DELETE CASCADE
) STRICT;
