-- works-with: 1
--
-- Stacks, their releases, and every move a release makes. The schema slipway and its table of migrations exist already.
-- Two operators that write at once (a split brain) must not be able to break what is said here: enums, checks, unique indexes and
-- triggers hold the invariants, not the program.

CREATE TYPE slipway.phase AS ENUM
    ('pending', 'building', 'pushing', 'activating', 'active', 'superseded', 'rolled_back', 'failed', 'cancelled');

CREATE TYPE slipway.concurrency_policy AS ENUM ('queue', 'reject', 'supersede', 'parallel');

CREATE TYPE slipway.stack_lifecycle AS ENUM ('live', 'deleting', 'deleted');

-- Numbers every move of a release and every change of what a workload must be. Numbers of one stack are drawn while its row is
-- locked, so within a stack they grow in the order of the commits.
CREATE SEQUENCE slipway.steps;


-- The row of a stack is the lock under which its releases are admitted and activated.
CREATE TABLE slipway.stacks (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    generation  bigint NOT NULL,
    sequence    bigint NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL,
    deleted_at  timestamptz,
    uid         uuid NOT NULL,
    lifecycle   slipway.stack_lifecycle NOT NULL DEFAULT 'live',
    concurrency slipway.concurrency_policy NOT NULL,
    namespace   text NOT NULL,
    name        text NOT NULL,
    CONSTRAINT stacks_uid_unique UNIQUE (uid),
    CONSTRAINT stacks_deleted_at CHECK ((deleted_at IS NOT NULL) = (lifecycle = 'deleted'))
);
COMMENT ON COLUMN slipway.stacks.sequence IS 'The step that last changed what the workload must be. Bumped only while the row is locked FOR UPDATE.';

-- Names are unique among objects that exist; rows of deleted ones stay as tombstones of their UIDs.
CREATE UNIQUE INDEX stacks_name_unique ON slipway.stacks (namespace, name) WHERE lifecycle <> 'deleted';


CREATE TABLE slipway.releases (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stack_id          bigint REFERENCES slipway.stacks (id),
    step              bigint NOT NULL,
    sequence          bigint,
    superseded_by     bigint REFERENCES slipway.releases (id) DEFERRABLE INITIALLY DEFERRED,
    created_at        timestamptz NOT NULL,
    changed_at        timestamptz NOT NULL,
    started_at        timestamptz,
    finished_at       timestamptz,
    deadline_at       timestamptz,
    slot_requested_at timestamptz,
    uid               uuid NOT NULL,
    stack_uid         uuid,
    phase             slipway.phase NOT NULL,
    version_day       date,
    version_number    integer,
    attempts          integer NOT NULL DEFAULT 0,
    collisions        integer NOT NULL DEFAULT 0,
    pinned            boolean NOT NULL DEFAULT false,
    exclusive         boolean NOT NULL DEFAULT true,
    in_flight         boolean NOT NULL GENERATED ALWAYS AS (phase IN ('pending', 'building', 'pushing', 'activating')) STORED,
    namespace         text NOT NULL,
    name              text NOT NULL,
    stack_name        text NOT NULL,
    spec_hash         text NOT NULL,
    rerun_token       text NOT NULL DEFAULT '',
    image             text,
    image_reference   text,
    digest            text,
    digests           text[] NOT NULL DEFAULT '{}',
    requested_by      text,
    reason            text NOT NULL DEFAULT '',
    message           text NOT NULL DEFAULT '',
    log_tail          text,
    template          json,

    -- One release per object, ever.
    CONSTRAINT releases_uid_unique UNIQUE (uid),
    -- An object applied again, also after a delete, is the same release.
    CONSTRAINT releases_identity_unique UNIQUE NULLS NOT DISTINCT (namespace, name, stack_uid, spec_hash, rerun_token),
    -- Versions continue when a stack of the same namespace and name is made again: the lineage is the name.
    CONSTRAINT releases_version_unique UNIQUE (namespace, stack_name, version_day, version_number),

    CONSTRAINT releases_version_whole CHECK ((version_day IS NULL) = (version_number IS NULL)),
    CONSTRAINT releases_version_positive CHECK (version_number >= 1),
    CONSTRAINT releases_version_known CHECK (version_day IS NOT NULL OR phase IN ('failed', 'cancelled', 'superseded')),
    CONSTRAINT releases_stack_known CHECK (version_day IS NULL OR (stack_id IS NOT NULL AND stack_uid IS NOT NULL)),
    CONSTRAINT releases_started CHECK (version_day IS NULL OR started_at IS NOT NULL),
    CONSTRAINT releases_image_known CHECK (image_reference IS NOT NULL OR phase NOT IN ('activating', 'active', 'rolled_back')),
    CONSTRAINT releases_digest_known CHECK (digest IS NOT NULL OR NOT pinned OR phase NOT IN ('activating', 'active', 'rolled_back')),
    CONSTRAINT releases_finished CHECK ((finished_at IS NOT NULL) = (NOT in_flight)),
    CONSTRAINT releases_nothing_awaited CHECK (in_flight OR (deadline_at IS NULL AND slot_requested_at IS NULL)),
    CONSTRAINT releases_failure_explained CHECK (phase <> 'failed' OR reason <> ''),
    CONSTRAINT releases_collisions CHECK (collisions >= 0 AND collisions <= attempts)
);
COMMENT ON COLUMN slipway.releases.step IS 'The transition that brought it into its phase.';
COMMENT ON COLUMN slipway.releases.sequence IS 'The transition that made it Activating.';
COMMENT ON COLUMN slipway.releases.changed_at IS 'When the phase was entered, by the operator''s clock.';

-- The second wall behind the lock on the stack's row.
CREATE UNIQUE INDEX releases_one_exclusive ON slipway.releases (stack_id) WHERE exclusive AND in_flight;
CREATE UNIQUE INDEX releases_one_activating ON slipway.releases (stack_id) WHERE phase = 'activating';
CREATE UNIQUE INDEX releases_one_active ON slipway.releases (stack_id) WHERE phase = 'active';

CREATE INDEX releases_in_flight ON slipway.releases (stack_id, id) WHERE in_flight;
CREATE INDEX releases_history ON slipway.releases (stack_id, id);


CREATE TABLE slipway.transitions (
    id         bigint PRIMARY KEY,
    release_id bigint NOT NULL REFERENCES slipway.releases (id) ON DELETE CASCADE,
    at         timestamptz NOT NULL,
    from_phase slipway.phase,
    to_phase   slipway.phase NOT NULL,
    reason     text NOT NULL,
    message    text NOT NULL
);
CREATE INDEX transitions_of_release ON slipway.transitions (release_id, id);


-- The state machine, a second time: the first is in the operator, and a test compares them.
CREATE TABLE slipway.legal_transitions (
    from_phase slipway.phase NOT NULL,
    to_phase   slipway.phase NOT NULL,
    PRIMARY KEY (from_phase, to_phase)
);

INSERT INTO slipway.legal_transitions (from_phase, to_phase) VALUES
    ('pending', 'building'), ('pending', 'activating'),
    ('building', 'pushing'),
    ('pushing', 'activating'),
    ('activating', 'active'),
    ('active', 'superseded'), ('active', 'rolled_back');

INSERT INTO slipway.legal_transitions (from_phase, to_phase)
SELECT before_active, ending
FROM unnest('{pending,building,pushing,activating}'::slipway.phase[]) AS before_active,
     unnest('{failed,cancelled,superseded}'::slipway.phase[]) AS ending;


CREATE FUNCTION slipway.check_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.phase <> 'pending' AND NOT (NEW.phase IN ('failed', 'cancelled', 'superseded') AND NEW.version_day IS NULL) THEN
            RAISE EXCEPTION 'a release cannot begin as %', NEW.phase USING ERRCODE = 'SL001';
        END IF;
    ELSIF NOT EXISTS (SELECT FROM slipway.legal_transitions WHERE from_phase = OLD.phase AND to_phase = NEW.phase) THEN
        RAISE EXCEPTION 'a release cannot go from % to %', OLD.phase, NEW.phase USING ERRCODE = 'SL001';
    END IF;

    NEW.step := nextval('slipway.steps');
    IF NEW.phase = 'activating' THEN
        NEW.sequence := NEW.step;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER check_transition BEFORE INSERT OR UPDATE OF phase ON slipway.releases
    FOR EACH ROW EXECUTE FUNCTION slipway.check_transition();


-- Entering Activating, or leaving it for anything but Active, changes what the workload must be.
CREATE FUNCTION slipway.record_transition() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    former slipway.phase := CASE TG_OP WHEN 'UPDATE' THEN OLD.phase END;
BEGIN
    INSERT INTO slipway.transitions (id, release_id, at, from_phase, to_phase, reason, message)
    VALUES (NEW.step, NEW.id, NEW.changed_at, former, NEW.phase, NEW.reason, NEW.message);

    IF NEW.phase = 'activating' OR (former = 'activating' AND NEW.phase <> 'active') THEN
        UPDATE slipway.stacks SET sequence = NEW.step WHERE id = NEW.stack_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER record_transition AFTER INSERT OR UPDATE OF phase ON slipway.releases
    FOR EACH ROW EXECUTE FUNCTION slipway.record_transition();
