-- works-with: 1
--
-- Teams, their members, and the slugs of teams and stacks. An operator of the schema before knows none of them: what it ends gives its
-- slug back all the same.

CREATE TYPE slipway.team_lifecycle AS ENUM ('live', 'deleted');

CREATE TYPE slipway.team_role AS ENUM ('owner', 'member');

CREATE TABLE slipway.teams (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    generation   bigint NOT NULL,
    created_at   timestamptz NOT NULL,
    deleted_at   timestamptz,
    uid          uuid NOT NULL,
    cluster      uuid,
    lifecycle    slipway.team_lifecycle NOT NULL DEFAULT 'live',
    owner_role   slipway.team_role NOT NULL GENERATED ALWAYS AS ('owner'::slipway.team_role) STORED,
    name         text NOT NULL,
    display_name text,
    owner        text,
    CONSTRAINT teams_uid_unique UNIQUE (uid),
    CONSTRAINT teams_deleted_at CHECK ((deleted_at IS NOT NULL) = (lifecycle = 'deleted')),
    CONSTRAINT teams_owned CHECK ((owner IS NOT NULL) = (lifecycle = 'live'))
);
COMMENT ON COLUMN slipway.teams.generation IS 'Generation of the Team that was followed last; an older one changes nothing.';
COMMENT ON COLUMN slipway.teams.cluster IS 'The UID of the namespace kube-system there, as for stacks.';

-- Names are unique among objects that exist; rows of deleted ones stay as tombstones of their UIDs.
CREATE UNIQUE INDEX teams_name_unique ON slipway.teams (name) WHERE lifecycle <> 'deleted';
CREATE INDEX teams_of_cluster ON slipway.teams (cluster) WHERE lifecycle <> 'deleted';

CREATE TABLE slipway.team_members (
    team_id bigint NOT NULL REFERENCES slipway.teams (id),
    role    slipway.team_role NOT NULL,
    subject text NOT NULL,
    PRIMARY KEY (team_id, subject),
    CONSTRAINT team_members_with_role UNIQUE (team_id, subject, role)
);

-- Exactly one owner at every commit: not two, by the index; not none, since a live team names its owner (teams_owned), who is a member
-- in that role. The role in the reference is a constant.
CREATE UNIQUE INDEX team_members_one_owner ON slipway.team_members (team_id) WHERE role = 'owner';
ALTER TABLE slipway.teams ADD CONSTRAINT teams_owner_is_member FOREIGN KEY (id, owner, owner_role)
    REFERENCES slipway.team_members (team_id, subject, role) DEFERRABLE INITIALLY DEFERRED;


-- A stack's team. Which one is decided under the lock of the stack's row; a team that is bound does not end.
ALTER TABLE slipway.stacks ADD COLUMN team_id bigint REFERENCES slipway.teams (id);
CREATE INDEX stacks_of_team ON slipway.stacks (team_id) WHERE team_id IS NOT NULL AND lifecycle <> 'deleted';

CREATE FUNCTION slipway.check_team_of_stack() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM slipway.teams WHERE id = NEW.team_id AND lifecycle = 'live' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the team of stack %/% is deleted', NEW.namespace, NEW.name USING ERRCODE = 'SL003';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER check_team_of_stack BEFORE INSERT OR UPDATE OF team_id ON slipway.stacks
    FOR EACH ROW WHEN (NEW.team_id IS NOT NULL AND NEW.lifecycle <> 'deleted') EXECUTE FUNCTION slipway.check_team_of_stack();

CREATE FUNCTION slipway.check_team_unused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM slipway.stacks WHERE team_id = NEW.id AND lifecycle <> 'deleted') THEN
        RAISE EXCEPTION 'team % has stacks', NEW.name USING ERRCODE = 'SL004';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER check_team_unused AFTER UPDATE OF lifecycle ON slipway.teams
    FOR EACH ROW WHEN (NEW.lifecycle = 'deleted') EXECUTE FUNCTION slipway.check_team_unused();


-- The unique handles of stacks and teams. A row here is a slug that is taken.
CREATE TYPE slipway.slug_kind AS ENUM ('stack', 'team');

CREATE TABLE slipway.slugs (
    stack_id bigint REFERENCES slipway.stacks (id),
    team_id  bigint REFERENCES slipway.teams (id),
    at       timestamptz NOT NULL,
    kind     slipway.slug_kind NOT NULL,
    slug     text NOT NULL,
    base     text NOT NULL,
    CONSTRAINT slugs_unique UNIQUE (kind, slug),
    CONSTRAINT slugs_of_stack UNIQUE (stack_id),
    CONSTRAINT slugs_of_team UNIQUE (team_id),
    CONSTRAINT slugs_one_owner CHECK ((stack_id IS NOT NULL) = (kind = 'stack') AND (team_id IS NOT NULL) = (kind = 'team')),
    CONSTRAINT slugs_form CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$')
);
COMMENT ON COLUMN slipway.slugs.base IS 'What it was made of: an object that asks for another one now is told that a slug never changes.';

-- Only what exists has one. Its row is locked after the slug was waited for, so that nobody waits for a slug with a stack's lock in hand.
CREATE FUNCTION slipway.check_slug_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind = 'stack' THEN
        PERFORM FROM slipway.stacks WHERE id = NEW.stack_id AND lifecycle = 'live' FOR SHARE;
    ELSE
        PERFORM FROM slipway.teams WHERE id = NEW.team_id AND lifecycle = 'live' FOR SHARE;
    END IF;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'slug % is for a % that is deleted', NEW.slug, NEW.kind USING ERRCODE = 'SL003';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER check_slug_owner AFTER INSERT OR UPDATE OF stack_id, team_id ON slipway.slugs
    FOR EACH ROW EXECUTE FUNCTION slipway.check_slug_owner();

-- At the end of the transaction: a stack that is restored under another UID has moved its slug by then.
CREATE FUNCTION slipway.free_slug() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'stacks' THEN
        DELETE FROM slipway.slugs WHERE stack_id = NEW.id;
    ELSE
        DELETE FROM slipway.slugs WHERE team_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER free_slug AFTER UPDATE OF lifecycle ON slipway.stacks DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.lifecycle = 'deleted') EXECUTE FUNCTION slipway.free_slug();
CREATE CONSTRAINT TRIGGER free_slug AFTER UPDATE OF lifecycle ON slipway.teams DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.lifecycle = 'deleted') EXECUTE FUNCTION slipway.free_slug();
