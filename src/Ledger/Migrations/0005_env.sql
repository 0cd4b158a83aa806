-- works-with: 1
--
-- The variables of a stack: what its object says (the baseline) overlaid with patches. Each change of either is a revision, and a
-- release pins the one that is newest when it is admitted. What an operator of the schema before admits has none.

CREATE TYPE slipway.env_outcome AS ENUM ('applied', 'rejected');

-- Each revision is the audit of the change that made it. Values are encrypted; names are not.
CREATE TABLE slipway.env_revisions (
    stack_id    bigint NOT NULL REFERENCES slipway.stacks (id),
    number      bigint NOT NULL,
    generation  bigint,
    at          timestamptz NOT NULL,
    stack_uid   uuid NOT NULL,
    patch_uid   uuid,
    total_bytes integer NOT NULL,
    projected   boolean NOT NULL DEFAULT false,
    key_id      text NOT NULL,
    content     bytea NOT NULL,
    keys        text[] NOT NULL,
    overridden  text[] NOT NULL,
    keys_set    text[] NOT NULL,
    keys_unset  text[] NOT NULL,
    PRIMARY KEY (stack_id, number),
    CONSTRAINT env_revisions_number CHECK (number >= 1),
    CONSTRAINT env_revisions_one_cause CHECK ((generation IS NULL) <> (patch_uid IS NULL)),
    CONSTRAINT env_revisions_size CHECK (total_bytes BETWEEN 2 AND 65536),
    CONSTRAINT env_revisions_of_patch UNIQUE (patch_uid)
);
COMMENT ON COLUMN slipway.env_revisions.generation IS 'Generation of the Stack whose spec.env made it; or else patch_uid.';
COMMENT ON COLUMN slipway.env_revisions.stack_uid IS 'The stack that made it. Names its Secret, also when the stack is restored under another UID: its pods go on reading the same one.';
COMMENT ON COLUMN slipway.env_revisions.projected IS 'There may be a Secret of it. Set before one is made, cleared after it was removed.';
COMMENT ON COLUMN slipway.env_revisions.content IS 'Baseline and overlay, encrypted with the key that key_id names.';

CREATE INDEX env_revisions_projected ON slipway.env_revisions (stack_id, number) WHERE projected;
CREATE INDEX env_revisions_by_key ON slipway.env_revisions (key_id);

-- Dense: a number is the one after the newest, whoever writes.
CREATE FUNCTION slipway.check_env_revision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    newest bigint := (SELECT max(number) FROM slipway.env_revisions WHERE stack_id = NEW.stack_id);
BEGIN
    IF NEW.number <> coalesce(newest, 0) + 1 THEN
        RAISE EXCEPTION 'revision % cannot follow revision %', NEW.number, coalesce(newest, 0) USING ERRCODE = 'SL002';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER check_env_revision BEFORE INSERT ON slipway.env_revisions
    FOR EACH ROW EXECUTE FUNCTION slipway.check_env_revision();


ALTER TABLE slipway.stacks
    ADD COLUMN env_revision          bigint,
    ADD COLUMN env_baseline_revision bigint,
    ADD COLUMN env_generation        bigint,
    ADD CONSTRAINT stacks_env_revision FOREIGN KEY (id, env_revision)
        REFERENCES slipway.env_revisions (stack_id, number) DEFERRABLE INITIALLY DEFERRED;
COMMENT ON COLUMN slipway.stacks.env_revision IS 'The newest revision; NULL while it never had a variable.';
COMMENT ON COLUMN slipway.stacks.env_baseline_revision IS 'The newest revision that spec.env made: whoever compares it knows whether spec.env has changed, without its values.';
COMMENT ON COLUMN slipway.stacks.env_generation IS 'Generation of the Stack whose spec.env was looked at last; an older one changes nothing.';

-- As for sequence: a release pins what is newest.
ALTER TABLE slipway.releases
    ADD COLUMN env_revision bigint,
    ADD CONSTRAINT releases_env_revision FOREIGN KEY (stack_id, env_revision)
        REFERENCES slipway.env_revisions (stack_id, number) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE slipway.releases_archive ADD COLUMN env_revision bigint;


-- What became of each patch: once per object, whatever is replayed.
CREATE TABLE slipway.env_patches (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stack_id   bigint NOT NULL REFERENCES slipway.stacks (id),
    revision   bigint,
    at         timestamptz NOT NULL,
    uid        uuid NOT NULL,
    stack_uid  uuid NOT NULL,
    outcome    slipway.env_outcome NOT NULL,
    release    boolean NOT NULL,
    made       boolean NOT NULL DEFAULT false,
    keys_set   integer NOT NULL,
    keys_unset integer NOT NULL,
    total_keys integer NOT NULL,
    total_bytes integer NOT NULL,
    namespace  text NOT NULL,
    name       text NOT NULL,
    stack_name text NOT NULL,
    rerun_token text NOT NULL,
    reason     text NOT NULL,
    message    text NOT NULL,
    identity   bytea NOT NULL,
    -- One outcome per object, ever.
    CONSTRAINT env_patches_uid_unique UNIQUE (uid),
    -- An object applied again, also after a delete, has the same outcome.
    CONSTRAINT env_patches_identity_unique UNIQUE (namespace, name, stack_uid, identity, rerun_token),
    CONSTRAINT env_patches_rejected CHECK (outcome = 'applied' OR (revision IS NULL AND keys_set = 0 AND keys_unset = 0 AND NOT release)),
    CONSTRAINT env_patches_made CHECK (release OR NOT made),
    FOREIGN KEY (stack_id, revision) REFERENCES slipway.env_revisions (stack_id, number) DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON COLUMN slipway.env_patches.revision IS 'The revision it made or, if it changed nothing, found. NULL: there was none, or it was rejected.';
COMMENT ON COLUMN slipway.env_patches.made IS 'Its Deployment has been created: it is not created again, also when somebody deletes it.';
COMMENT ON COLUMN slipway.env_patches.identity IS 'Keyed hash of the spec: the values in it must not be found by trying.';

CREATE INDEX env_patches_of_stack ON slipway.env_patches (stack_id, id);


-- The key of those hashes, made once and stored encrypted.
CREATE TABLE slipway.env_identity (
    single  boolean PRIMARY KEY DEFAULT true CHECK (single),
    key_id  text NOT NULL,
    content bytea NOT NULL
);
