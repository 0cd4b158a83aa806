SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA slipway;
CREATE TYPE slipway.concurrency_policy AS ENUM (
    'queue',
    'reject',
    'supersede',
    'parallel'
);
CREATE TYPE slipway.env_outcome AS ENUM (
    'applied',
    'rejected'
);
CREATE TYPE slipway.phase AS ENUM (
    'pending',
    'building',
    'pushing',
    'activating',
    'active',
    'superseded',
    'rolled_back',
    'failed',
    'cancelled'
);
CREATE TYPE slipway.release_source AS ENUM (
    'image',
    'git',
    'oci',
    'archive',
    'current',
    'rollback'
);
CREATE TYPE slipway.slug_kind AS ENUM (
    'stack',
    'team'
);
CREATE TYPE slipway.stack_lifecycle AS ENUM (
    'live',
    'deleting',
    'deleted'
);
CREATE TYPE slipway.team_lifecycle AS ENUM (
    'live',
    'deleted'
);
CREATE TYPE slipway.team_role AS ENUM (
    'owner',
    'member'
);
CREATE FUNCTION slipway.check_env_revision() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    newest bigint := (SELECT max(number) FROM slipway.env_revisions WHERE stack_id = NEW.stack_id);
BEGIN
    IF NEW.number <> coalesce(newest, 0) + 1 THEN
        RAISE EXCEPTION 'revision % cannot follow revision %', NEW.number, coalesce(newest, 0) USING ERRCODE = 'SL002';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION slipway.check_slug_owner() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION slipway.check_team_of_stack() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM FROM slipway.teams WHERE id = NEW.team_id AND lifecycle = 'live' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the team of stack %/% is deleted', NEW.namespace, NEW.name USING ERRCODE = 'SL003';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION slipway.check_team_unused() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF EXISTS (SELECT FROM slipway.stacks WHERE team_id = NEW.id AND lifecycle <> 'deleted') THEN
        RAISE EXCEPTION 'team % has stacks', NEW.name USING ERRCODE = 'SL004';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION slipway.check_transition() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
CREATE FUNCTION slipway.free_slug() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF TG_TABLE_NAME = 'stacks' THEN
        DELETE FROM slipway.slugs WHERE stack_id = NEW.id;
    ELSE
        DELETE FROM slipway.slugs WHERE team_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION slipway.record_transition() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE slipway.env_identity (
    single boolean DEFAULT true NOT NULL,
    key_id text NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT env_identity_single_check CHECK (single)
);
CREATE TABLE slipway.env_patches (
    id bigint NOT NULL,
    stack_id bigint NOT NULL,
    revision bigint,
    at timestamp with time zone NOT NULL,
    uid uuid NOT NULL,
    stack_uid uuid NOT NULL,
    outcome slipway.env_outcome NOT NULL,
    release boolean NOT NULL,
    made boolean DEFAULT false NOT NULL,
    keys_set integer NOT NULL,
    keys_unset integer NOT NULL,
    total_keys integer NOT NULL,
    total_bytes integer NOT NULL,
    namespace text NOT NULL,
    name text NOT NULL,
    stack_name text NOT NULL,
    rerun_token text NOT NULL,
    reason text NOT NULL,
    message text NOT NULL,
    identity bytea NOT NULL,
    CONSTRAINT env_patches_made CHECK ((release OR (NOT made))),
    CONSTRAINT env_patches_rejected CHECK (((outcome = 'applied'::slipway.env_outcome) OR ((revision IS NULL) AND (keys_set = 0) AND (keys_unset = 0) AND (NOT release))))
);
COMMENT ON COLUMN slipway.env_patches.revision IS 'The revision it made or, if it changed nothing, found. NULL: there was none, or it was rejected.';
COMMENT ON COLUMN slipway.env_patches.made IS 'Its Deployment has been created: it is not created again, also when somebody deletes it.';
COMMENT ON COLUMN slipway.env_patches.identity IS 'Keyed hash of the spec: the values in it must not be found by trying.';
ALTER TABLE slipway.env_patches ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME slipway.env_patches_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE slipway.env_revisions (
    stack_id bigint NOT NULL,
    number bigint NOT NULL,
    generation bigint,
    at timestamp with time zone NOT NULL,
    stack_uid uuid NOT NULL,
    patch_uid uuid,
    total_bytes integer NOT NULL,
    projected boolean DEFAULT false NOT NULL,
    key_id text NOT NULL,
    content bytea NOT NULL,
    keys text[] NOT NULL,
    overridden text[] NOT NULL,
    keys_set text[] NOT NULL,
    keys_unset text[] NOT NULL,
    CONSTRAINT env_revisions_number CHECK ((number >= 1)),
    CONSTRAINT env_revisions_one_cause CHECK (((generation IS NULL) <> (patch_uid IS NULL))),
    CONSTRAINT env_revisions_size CHECK (((total_bytes >= 2) AND (total_bytes <= 65536)))
);
COMMENT ON COLUMN slipway.env_revisions.generation IS 'Generation of the Stack whose spec.env made it; or else patch_uid.';
COMMENT ON COLUMN slipway.env_revisions.stack_uid IS 'The stack that made it. Names its Secret, also when the stack is restored under another UID: its pods go on reading the same one.';
COMMENT ON COLUMN slipway.env_revisions.projected IS 'There may be a Secret of it. Set before one is made, cleared after it was removed.';
COMMENT ON COLUMN slipway.env_revisions.content IS 'Baseline and overlay, encrypted with the key that key_id names.';
CREATE TABLE slipway.legal_transitions (
    from_phase slipway.phase NOT NULL,
    to_phase slipway.phase NOT NULL
);
CREATE TABLE slipway.releases (
    id bigint NOT NULL,
    stack_id bigint,
    step bigint NOT NULL,
    sequence bigint,
    superseded_by bigint,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    deadline_at timestamp with time zone,
    slot_requested_at timestamp with time zone,
    uid uuid NOT NULL,
    stack_uid uuid,
    phase slipway.phase NOT NULL,
    version_day date,
    version_number integer,
    attempts integer DEFAULT 0 NOT NULL,
    collisions integer DEFAULT 0 NOT NULL,
    pinned boolean DEFAULT false NOT NULL,
    exclusive boolean DEFAULT true NOT NULL,
    in_flight boolean GENERATED ALWAYS AS ((phase = ANY (ARRAY['pending'::slipway.phase, 'building'::slipway.phase, 'pushing'::slipway.phase, 'activating'::slipway.phase]))) STORED NOT NULL,
    namespace text NOT NULL,
    name text NOT NULL,
    stack_name text NOT NULL,
    spec_hash text NOT NULL,
    rerun_token text DEFAULT ''::text NOT NULL,
    image text,
    image_reference text,
    digest text,
    digests text[] DEFAULT '{}'::text[] NOT NULL,
    requested_by text,
    reason text DEFAULT ''::text NOT NULL,
    message text DEFAULT ''::text NOT NULL,
    log_tail text,
    template json,
    asked_at timestamp with time zone,
    rollback_day date,
    rollback_number integer,
    source slipway.release_source DEFAULT 'image'::slipway.release_source NOT NULL,
    revision text,
    build json,
    env_revision bigint,
    CONSTRAINT releases_build_known CHECK (((build IS NOT NULL) OR (phase <> ALL (ARRAY['building'::slipway.phase, 'pushing'::slipway.phase])))),
    CONSTRAINT releases_collisions CHECK (((collisions >= 0) AND (collisions <= attempts))),
    CONSTRAINT releases_digest_known CHECK (((digest IS NOT NULL) OR (NOT pinned) OR (phase <> ALL (ARRAY['activating'::slipway.phase, 'active'::slipway.phase, 'rolled_back'::slipway.phase])))),
    CONSTRAINT releases_failure_explained CHECK (((phase <> 'failed'::slipway.phase) OR (reason <> ''::text))),
    CONSTRAINT releases_finished CHECK (((finished_at IS NOT NULL) = (NOT in_flight))),
    CONSTRAINT releases_image_known CHECK (((image_reference IS NOT NULL) OR (phase <> ALL (ARRAY['activating'::slipway.phase, 'active'::slipway.phase, 'rolled_back'::slipway.phase])))),
    CONSTRAINT releases_nothing_awaited CHECK ((in_flight OR ((deadline_at IS NULL) AND (slot_requested_at IS NULL)))),
    CONSTRAINT releases_rollback_target CHECK (((source = 'rollback'::slipway.release_source) = (rollback_day IS NOT NULL))),
    CONSTRAINT releases_rollback_whole CHECK (((rollback_day IS NULL) = (rollback_number IS NULL))),
    CONSTRAINT releases_stack_known CHECK (((version_day IS NULL) OR ((stack_id IS NOT NULL) AND (stack_uid IS NOT NULL)))),
    CONSTRAINT releases_started CHECK (((version_day IS NULL) OR (started_at IS NOT NULL))),
    CONSTRAINT releases_version_known CHECK (((version_day IS NOT NULL) OR (phase = ANY (ARRAY['failed'::slipway.phase, 'cancelled'::slipway.phase, 'superseded'::slipway.phase])))),
    CONSTRAINT releases_version_positive CHECK ((version_number >= 1)),
    CONSTRAINT releases_version_whole CHECK (((version_day IS NULL) = (version_number IS NULL)))
);
COMMENT ON COLUMN slipway.releases.step IS 'The transition that brought it into its phase.';
COMMENT ON COLUMN slipway.releases.sequence IS 'The transition that made it Activating.';
COMMENT ON COLUMN slipway.releases.changed_at IS 'When the phase was entered, by the operator''s clock.';
COMMENT ON COLUMN slipway.releases.asked_at IS 'When the object was created, by the API server''s clock: the turn order, with namespace and name.';
COMMENT ON COLUMN slipway.releases.revision IS 'The commit, or the digest of the artifact, that was built.';
COMMENT ON COLUMN slipway.releases.build IS 'All that the build needs, so that it does not depend on objects that may change meanwhile.';
CREATE TABLE slipway.releases_archive (
    id bigint NOT NULL,
    stack_id bigint,
    step bigint NOT NULL,
    sequence bigint,
    superseded_by bigint,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    deadline_at timestamp with time zone,
    slot_requested_at timestamp with time zone,
    uid uuid NOT NULL,
    stack_uid uuid,
    phase slipway.phase NOT NULL,
    version_day date,
    version_number integer,
    attempts integer NOT NULL,
    collisions integer NOT NULL,
    pinned boolean NOT NULL,
    exclusive boolean NOT NULL,
    namespace text NOT NULL,
    name text NOT NULL,
    stack_name text NOT NULL,
    spec_hash text NOT NULL,
    rerun_token text NOT NULL,
    image text,
    image_reference text,
    digest text,
    digests text[] NOT NULL,
    requested_by text,
    reason text NOT NULL,
    message text NOT NULL,
    log_tail text,
    template json,
    asked_at timestamp with time zone,
    rollback_day date,
    rollback_number integer,
    source slipway.release_source NOT NULL,
    revision text,
    build json,
    superseded_day date,
    superseded_number integer,
    archived_at timestamp with time zone NOT NULL,
    transitions json NOT NULL,
    env_revision bigint,
    CONSTRAINT releases_archive_ended CHECK ((phase = ANY (ARRAY['superseded'::slipway.phase, 'rolled_back'::slipway.phase, 'failed'::slipway.phase, 'cancelled'::slipway.phase])))
);
COMMENT ON COLUMN slipway.releases_archive.superseded_day IS 'Version of the release that superseded_by names; with superseded_number.';
COMMENT ON COLUMN slipway.releases_archive.transitions IS 'Every move it made, as the ledger reads them.';
ALTER TABLE slipway.releases ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME slipway.releases_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE slipway.schema_migrations (
    version integer NOT NULL,
    works_with integer NOT NULL,
    applied_at timestamp with time zone NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL
);
CREATE TABLE slipway.slugs (
    stack_id bigint,
    team_id bigint,
    at timestamp with time zone NOT NULL,
    kind slipway.slug_kind NOT NULL,
    slug text NOT NULL,
    base text NOT NULL,
    CONSTRAINT slugs_form CHECK ((slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'::text)),
    CONSTRAINT slugs_one_owner CHECK ((((stack_id IS NOT NULL) = (kind = 'stack'::slipway.slug_kind)) AND ((team_id IS NOT NULL) = (kind = 'team'::slipway.slug_kind))))
);
COMMENT ON COLUMN slipway.slugs.base IS 'What it was made of: an object that asks for another one now is told that a slug never changes.';
CREATE TABLE slipway.stack_sources (
    stack_id bigint NOT NULL,
    generation bigint NOT NULL,
    made boolean NOT NULL,
    landed boolean NOT NULL,
    source_hash text NOT NULL,
    template_hash text NOT NULL,
    deployment text,
    spec json,
    CONSTRAINT stack_sources_asked CHECK (((deployment IS NULL) = (spec IS NULL))),
    CONSTRAINT stack_sources_made CHECK ((made OR (deployment IS NOT NULL)))
);
COMMENT ON COLUMN slipway.stack_sources.generation IS 'Generation of the Stack that was looked at last; an older one changes nothing.';
COMMENT ON COLUMN slipway.stack_sources.made IS 'The Deployment has been created: it is not created again, also when somebody deletes it.';
COMMENT ON COLUMN slipway.stack_sources.landed IS 'A release of this very source has been active. From then on a new template is released with the image that is active, so that an unchanged source never undoes a rollback.';
CREATE TABLE slipway.stacks (
    id bigint NOT NULL,
    generation bigint NOT NULL,
    sequence bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    deleted_at timestamp with time zone,
    uid uuid NOT NULL,
    lifecycle slipway.stack_lifecycle DEFAULT 'live'::slipway.stack_lifecycle NOT NULL,
    concurrency slipway.concurrency_policy NOT NULL,
    namespace text NOT NULL,
    name text NOT NULL,
    cluster uuid,
    env_revision bigint,
    env_baseline_revision bigint,
    env_generation bigint,
    team_id bigint,
    CONSTRAINT stacks_deleted_at CHECK (((deleted_at IS NOT NULL) = (lifecycle = 'deleted'::slipway.stack_lifecycle)))
);
COMMENT ON COLUMN slipway.stacks.sequence IS 'The step that last changed what the workload must be. Bumped only while the row is locked FOR UPDATE.';
COMMENT ON COLUMN slipway.stacks.cluster IS 'The UID of the namespace kube-system there. NULL: registered before this was recorded.';
COMMENT ON COLUMN slipway.stacks.env_revision IS 'The newest revision; NULL while it never had a variable.';
COMMENT ON COLUMN slipway.stacks.env_baseline_revision IS 'The newest revision that spec.env made: whoever compares it knows whether spec.env has changed, without its values.';
COMMENT ON COLUMN slipway.stacks.env_generation IS 'Generation of the Stack whose spec.env was looked at last; an older one changes nothing.';
ALTER TABLE slipway.stacks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME slipway.stacks_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE SEQUENCE slipway.steps
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE slipway.team_members (
    team_id bigint NOT NULL,
    role slipway.team_role NOT NULL,
    subject text NOT NULL
);
CREATE TABLE slipway.teams (
    id bigint NOT NULL,
    generation bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    deleted_at timestamp with time zone,
    uid uuid NOT NULL,
    cluster uuid,
    lifecycle slipway.team_lifecycle DEFAULT 'live'::slipway.team_lifecycle NOT NULL,
    owner_role slipway.team_role GENERATED ALWAYS AS ('owner'::slipway.team_role) STORED NOT NULL,
    name text NOT NULL,
    display_name text,
    owner text,
    CONSTRAINT teams_deleted_at CHECK (((deleted_at IS NOT NULL) = (lifecycle = 'deleted'::slipway.team_lifecycle))),
    CONSTRAINT teams_owned CHECK (((owner IS NOT NULL) = (lifecycle = 'live'::slipway.team_lifecycle)))
);
COMMENT ON COLUMN slipway.teams.generation IS 'Generation of the Team that was followed last; an older one changes nothing.';
COMMENT ON COLUMN slipway.teams.cluster IS 'The UID of the namespace kube-system there, as for stacks.';
ALTER TABLE slipway.teams ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME slipway.teams_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE slipway.transitions (
    id bigint NOT NULL,
    release_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    from_phase slipway.phase,
    to_phase slipway.phase NOT NULL,
    reason text NOT NULL,
    message text NOT NULL
);
INSERT INTO slipway.env_identity VALUES (true, 'frozen', '\x41ea0cacc18d6ae782c9001e0dc0ec6ffab2d01b3003dc1b5330f269b00932ae8f7f00212948bbd02b78414b9ee9aec5280095e8f0b7e0a4527ff423');
INSERT INTO slipway.env_patches OVERRIDING SYSTEM VALUE VALUES (1, 4, 2, '2026-11-26 13:33:17.894338+00', '26c672f1-b947-4145-9c98-ac0c7deb090c', 'e9637597-84d7-4cb7-89be-f265ba2f8665', 'applied', true, true, 2, 0, 3, 25, 'slipway-frozen', 'more', 'web', '', 'Applied', 'merged as revision 2: 2 set, 0 unset', '\x634e2f6f8481591fd36c0c98a96e51931f5ed2a5e72ec24ac715905f18575cdc');
INSERT INTO slipway.env_patches OVERRIDING SYSTEM VALUE VALUES (2, 4, 3, '2026-11-26 13:33:20.897735+00', '8d738279-4eab-4700-aab5-56f5c15bc0af', 'e9637597-84d7-4cb7-89be-f265ba2f8665', 'applied', false, false, 1, 0, 4, 33, 'slipway-frozen', 'quiet', 'web', '', 'Applied', 'merged as revision 3: 1 set, 0 unset', '\xbfc4e70c15d29d637ddaf5f3c8fde49bfa441dc313014d2a8e144439bfdbc7f1');
INSERT INTO slipway.env_revisions VALUES (4, 2, NULL, '2026-11-26 13:33:17.823303+00', 'e9637597-84d7-4cb7-89be-f265ba2f8665', '26c672f1-b947-4145-9c98-ac0c7deb090c', 25, true, 'frozen', '\x3635b6436de5e52dc8e580f9fad171359d102b2011fe91ff93badfdefa63334a5b6329cce0a085db929f00fda6a1bf4994b90d9b83d4378f2faed64b94160aa80fad12fba9b6b96e6c8df2310734b5c87750d01e1cd2', '{A,B,C}', '{B}', '{B,C}', '{}');
INSERT INTO slipway.env_revisions VALUES (4, 1, 1, '2026-11-26 13:33:14.781054+00', 'e9637597-84d7-4cb7-89be-f265ba2f8665', NULL, 17, false, 'frozen', '\x62470743c5713cc4e6b62250c7ff09575707ea1a23a866d1d4e781516219aa6237c26a11834195326be6529f65f8543d311e32f9d0566bced49d7597de79698774f6c8e124b215', '{A,B}', '{}', '{A,B}', '{}');
INSERT INTO slipway.env_revisions VALUES (4, 3, NULL, '2026-11-26 13:33:20.855479+00', 'e9637597-84d7-4cb7-89be-f265ba2f8665', '8d738279-4eab-4700-aab5-56f5c15bc0af', 33, true, 'frozen', '\xe350e4a7240b21f35e741d064a8d499ffebf1a5a5441fddb06ebb4ae48cfc5c8ed2dd19a178a4fbf8823392cd09332cc81e989997afeecc3c73419ce6fb7542a954c21ca7bb742c046941396e4fb391e492bf96281b9e1c1eb5c5830d864', '{A,B,C,D}', '{B}', '{D}', '{}');
INSERT INTO slipway.legal_transitions VALUES ('pending', 'building');
INSERT INTO slipway.legal_transitions VALUES ('pending', 'activating');
INSERT INTO slipway.legal_transitions VALUES ('building', 'pushing');
INSERT INTO slipway.legal_transitions VALUES ('pushing', 'activating');
INSERT INTO slipway.legal_transitions VALUES ('activating', 'active');
INSERT INTO slipway.legal_transitions VALUES ('active', 'superseded');
INSERT INTO slipway.legal_transitions VALUES ('active', 'rolled_back');
INSERT INTO slipway.legal_transitions VALUES ('pending', 'failed');
INSERT INTO slipway.legal_transitions VALUES ('building', 'failed');
INSERT INTO slipway.legal_transitions VALUES ('pushing', 'failed');
INSERT INTO slipway.legal_transitions VALUES ('activating', 'failed');
INSERT INTO slipway.legal_transitions VALUES ('pending', 'cancelled');
INSERT INTO slipway.legal_transitions VALUES ('building', 'cancelled');
INSERT INTO slipway.legal_transitions VALUES ('pushing', 'cancelled');
INSERT INTO slipway.legal_transitions VALUES ('activating', 'cancelled');
INSERT INTO slipway.legal_transitions VALUES ('pending', 'superseded');
INSERT INTO slipway.legal_transitions VALUES ('building', 'superseded');
INSERT INTO slipway.legal_transitions VALUES ('pushing', 'superseded');
INSERT INTO slipway.legal_transitions VALUES ('activating', 'superseded');
INSERT INTO slipway.releases OVERRIDING SYSTEM VALUE VALUES (3, 1, 11, 9, NULL, '2026-11-26 13:32:57.033884+00', '2026-11-26 13:32:57.735931+00', '2026-11-26 13:32:57.033884+00', '2026-11-26 13:32:57.735931+00', NULL, NULL, '50f127c4-a5c4-44ee-8398-9dfa2ff23237', 'c861fe3b-043c-42f0-9fc2-6529d24f041d', 'active', '2026-11-26', 3, 1, 0, true, true, DEFAULT, 'slipway-frozen', 'api-back', 'api', 'e0c6e3ff57bd2a6bfcf94680d57a50dcb4b1f51d335343727a6b0fdfa1f70e5e', '', NULL, '127.0.0.1:1/shop/one@sha256:7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed', 'sha256:7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed', '{sha256:7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed}', NULL, 'WorkloadReady', '1 of 1 replicas run the release', NULL, '{"template":{"spec":{"containers":[{"name":"app"}]}},"containers":["app"]}', '2026-11-26 13:32:56+00', '2026-11-26', 1, 'rollback', NULL, NULL, NULL);
INSERT INTO slipway.releases OVERRIDING SYSTEM VALUE VALUES (1, 1, 6, 2, 2, '2026-11-26 13:32:53.215689+00', '2026-11-26 13:32:56.014848+00', '2026-11-26 13:32:53.215689+00', '2026-11-26 13:32:54.406898+00', NULL, NULL, '5e2eaeff-5f65-4304-b7c7-76bc7b2c5330', 'c861fe3b-043c-42f0-9fc2-6529d24f041d', 'superseded', '2026-11-26', 1, 1, 0, true, true, DEFAULT, 'slipway-frozen', 'api-one', 'api', 'f2fb851200f72f0d13a082036f703c8630673956af7b1797e1a383b4b433ac9d', '', '127.0.0.1:1/shop/one@sha256:7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed', '127.0.0.1:1/shop/one@sha256:7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed', 'sha256:7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed', '{sha256:7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed}', NULL, 'NewerVersionActive', 'Version 20261126.2 took its place.', NULL, '{"template":{"spec":{"containers":[{"name":"app"}]}},"containers":["app"]}', '2026-11-26 13:32:52+00', NULL, NULL, 'image', NULL, NULL, NULL);
INSERT INTO slipway.releases OVERRIDING SYSTEM VALUE VALUES (2, 1, 10, 5, 3, '2026-11-26 13:32:55.171525+00', '2026-11-26 13:32:57.735931+00', '2026-11-26 13:32:55.171525+00', '2026-11-26 13:32:56.014848+00', NULL, NULL, 'ea5e2c58-6776-49b4-aade-c078c6ce34f4', 'c861fe3b-043c-42f0-9fc2-6529d24f041d', 'rolled_back', '2026-11-26', 2, 1, 0, true, true, DEFAULT, 'slipway-frozen', 'api-two', 'api', '583942222446ca92dfb304434de671ef72da8196c3a815fd73a41feac122a767', '', '127.0.0.1:1/shop/two@sha256:3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3', '127.0.0.1:1/shop/two@sha256:3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3', 'sha256:3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3', '{sha256:3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3}', NULL, 'RolledBack', 'Version 20261126.3 restored version 20261126.1.', NULL, '{"template":{"spec":{"containers":[{"name":"app"}]}},"containers":["app"]}', '2026-11-26 13:32:54+00', NULL, NULL, 'image', NULL, NULL, NULL);
INSERT INTO slipway.releases OVERRIDING SYSTEM VALUE VALUES (6, 1, 18, 17, NULL, '2026-11-26 13:33:08.13767+00', '2026-11-26 13:33:08.73348+00', '2026-11-26 13:33:08.13767+00', '2026-11-26 13:33:08.73348+00', NULL, NULL, '959c03e0-f75d-44bb-974a-dbeb0847b3b4', 'c861fe3b-043c-42f0-9fc2-6529d24f041d', 'cancelled', '2026-11-26', 5, 1, 0, true, true, DEFAULT, 'slipway-frozen', 'api-cancelled', 'api', '86f2bf068b1c13b57e6107cdcbffe6a96ff090576580f6b35f6d560504665e11', '', '127.0.0.1:1/shop/slow@sha256:5e0cf7bd1dfa3831788b0cf6dedcdd228fba6f34dc238d371e746567e80bc7b6', '127.0.0.1:1/shop/slow@sha256:5e0cf7bd1dfa3831788b0cf6dedcdd228fba6f34dc238d371e746567e80bc7b6', 'sha256:5e0cf7bd1dfa3831788b0cf6dedcdd228fba6f34dc238d371e746567e80bc7b6', '{sha256:5e0cf7bd1dfa3831788b0cf6dedcdd228fba6f34dc238d371e746567e80bc7b6}', NULL, 'Cancelled', 'cancelled by spec.cancel', NULL, '{"template":{"spec":{"containers":[{"name":"app"}]}},"containers":["app"]}', '2026-11-26 13:33:07+00', NULL, NULL, 'image', NULL, NULL, NULL);
INSERT INTO slipway.releases OVERRIDING SYSTEM VALUE VALUES (4, 1, 14, 13, NULL, '2026-11-26 13:32:58.213043+00', '2026-11-26 13:33:06.336428+00', '2026-11-26 13:32:58.213043+00', '2026-11-26 13:33:06.336428+00', NULL, NULL, '888c59a6-862e-43f3-b459-8951caf192f5', 'c861fe3b-043c-42f0-9fc2-6529d24f041d', 'failed', '2026-11-26', 4, 1, 0, true, true, DEFAULT, 'slipway-frozen', 'api-broken', 'api', 'a5627f126e38ba6b66a81494007b06681678d54eec8ac5711e63c5ad32164463', '', '127.0.0.1:1/shop/broken@sha256:f526795c95399cea27c055c842c3d6ab018ed0fa4f66f701c28ab22dec28237b', '127.0.0.1:1/shop/broken@sha256:f526795c95399cea27c055c842c3d6ab018ed0fa4f66f701c28ab22dec28237b', 'sha256:f526795c95399cea27c055c842c3d6ab018ed0fa4f66f701c28ab22dec28237b', '{sha256:f526795c95399cea27c055c842c3d6ab018ed0fa4f66f701c28ab22dec28237b}', NULL, 'ProgressDeadlineExceeded', '1 old replicas are still being taken away; pod api-76848b75ff-wbmjx is not ready: containers with unready status: [app]; api-back (version 20261126.3), which was active, is put back', NULL, '{"template":{"spec":{"containers":[{"name":"app"}]}},"containers":["app"]}', '2026-11-26 13:32:57+00', NULL, NULL, 'image', NULL, NULL, NULL);
INSERT INTO slipway.releases OVERRIDING SYSTEM VALUE VALUES (5, 1, 15, NULL, NULL, '2026-11-26 13:33:06.937568+00', '2026-11-26 13:33:06.937568+00', NULL, '2026-11-26 13:33:06.937568+00', NULL, NULL, 'de509bf2-efc1-460a-9abe-a249f290bee9', 'c861fe3b-043c-42f0-9fc2-6529d24f041d', 'failed', NULL, NULL, 0, 0, false, true, DEFAULT, 'slipway-frozen', 'api-refused', 'api', 'db1c6579a767b0bd65222123caaeac988655b128764dd58780fa677365fadc62', '', NULL, NULL, NULL, '{}', NULL, 'InvalidImage', 'spec.source.image "NO/IMAGE" is no image name; write [registry/]repository[:tag][@sha256:digest] in lower case', NULL, NULL, '2026-11-26 13:33:06+00', NULL, NULL, 'image', NULL, NULL, NULL);
INSERT INTO slipway.releases OVERRIDING SYSTEM VALUE VALUES (7, 2, 21, 20, NULL, '2026-11-26 13:33:10.142692+00', '2026-11-26 13:33:10.857855+00', '2026-11-26 13:33:10.142692+00', '2026-11-26 13:33:10.857855+00', NULL, NULL, '2cdbfe11-8f0f-4828-ace0-9ff3c2c8a729', '10b05b53-40d0-4eb6-9d95-72ecb92c50c4', 'active', '2026-11-26', 1, 1, 0, true, true, DEFAULT, 'slipway-frozen', 'made-1', 'made', '6899d4910d6603cbf9ab5a0b3b992e1bcd4c481df96381d35eff64eeccb2f54c', '1-780d3e7b', '127.0.0.1:1/shop/made@sha256:ea0890697a77af0a2e054cccec587c8a42feb5cf38e778c6c6e2a96bfb945c0b', '127.0.0.1:1/shop/made@sha256:ea0890697a77af0a2e054cccec587c8a42feb5cf38e778c6c6e2a96bfb945c0b', 'sha256:ea0890697a77af0a2e054cccec587c8a42feb5cf38e778c6c6e2a96bfb945c0b', '{sha256:ea0890697a77af0a2e054cccec587c8a42feb5cf38e778c6c6e2a96bfb945c0b}', 'stacks/made', 'WorkloadReady', '1 of 1 replicas run the release', NULL, '{"template":{"spec":{"containers":[{"name":"app"}]}},"containers":["app"]}', '2026-11-26 13:33:09+00', NULL, NULL, 'image', NULL, NULL, NULL);
INSERT INTO slipway.releases OVERRIDING SYSTEM VALUE VALUES (8, 3, 26, 25, NULL, '2026-11-26 13:33:12.252803+00', '2026-11-26 13:33:14.04304+00', '2026-11-26 13:33:12.252803+00', '2026-11-26 13:33:14.04304+00', NULL, NULL, '710e64a8-c450-4da8-8d9e-6fd8b263e25e', 'dba15d93-0109-46b9-a04b-e457243a7881', 'active', '2026-11-26', 1, 1, 0, true, true, DEFAULT, 'slipway-frozen', 'built', 'built', '55f5d0c1285e1e28204046242ca1bb56154228c23aea2a306b7f3befa44a4de4', '', NULL, 'registry.example/slipway-frozen/built:20261126.1@sha256:a9757e183dae85abf1ae7e2a57a148abc5506f3c33bc4d00a49ee4415433c781', 'sha256:a9757e183dae85abf1ae7e2a57a148abc5506f3c33bc4d00a49ee4415433c781', '{sha256:a9757e183dae85abf1ae7e2a57a148abc5506f3c33bc4d00a49ee4415433c781,sha256:df2ef009bbdcc6f52296f159333e15b07c50cb3d625e91d166530722e0913de9}', NULL, 'WorkloadReady', '1 of 1 replicas run the release', NULL, '{"template":{"spec":{"containers":[{"name":"app"}]}},"containers":["app"]}', '2026-11-26 13:33:11+00', NULL, NULL, 'git', '0123456789abcdef0123456789abcdef01234567', '{"source":{"git":{"url":"https://git.example/shop.git"}}}', NULL);
INSERT INTO slipway.releases OVERRIDING SYSTEM VALUE VALUES (9, 4, 32, 28, 10, '2026-11-26 13:33:15.142898+00', '2026-11-26 13:33:20.427491+00', '2026-11-26 13:33:15.142898+00', '2026-11-26 13:33:16.725697+00', NULL, NULL, 'f80c6181-8233-48db-b7d4-90a474ebedb1', 'e9637597-84d7-4cb7-89be-f265ba2f8665', 'superseded', '2026-11-26', 1, 1, 0, true, true, DEFAULT, 'slipway-frozen', 'one', 'web', 'b985acce43a207c4b7adc32f29cce858e9910b0322b28c97692109fe983b5f06', '', '127.0.0.1:1/shop/web@sha256:4b5e57f6eb2f42b9039b3d1e13929295f231749c510cbe341cd68036d9af97e2', '127.0.0.1:1/shop/web@sha256:4b5e57f6eb2f42b9039b3d1e13929295f231749c510cbe341cd68036d9af97e2', 'sha256:4b5e57f6eb2f42b9039b3d1e13929295f231749c510cbe341cd68036d9af97e2', '{sha256:4b5e57f6eb2f42b9039b3d1e13929295f231749c510cbe341cd68036d9af97e2}', NULL, 'NewerVersionActive', 'Version 20261126.2 took its place.', NULL, '{"template":{"spec":{"containers":[{"name":"app"}]}},"containers":["app"]}', '2026-11-26 13:33:14+00', NULL, NULL, 'image', NULL, NULL, 1);
INSERT INTO slipway.releases OVERRIDING SYSTEM VALUE VALUES (11, 4, 35, 35, NULL, '2026-11-26 13:33:22.216945+00', '2026-11-26 13:33:22.440198+00', '2026-11-26 13:33:22.216945+00', NULL, '2026-11-26 13:43:23.454273+00', NULL, '102afe0c-1b9d-41b6-a3d5-96a2311565f3', 'e9637597-84d7-4cb7-89be-f265ba2f8665', 'activating', '2026-11-26', 3, 1, 0, true, true, DEFAULT, 'slipway-frozen', 'slow', 'web', '3ef9f7eac32ef459582395da95ca08ad465151ecaa3a6cdd3bd1da61f6aaf64a', '', '127.0.0.1:1/shop/slow@sha256:5e0cf7bd1dfa3831788b0cf6dedcdd228fba6f34dc238d371e746567e80bc7b6', '127.0.0.1:1/shop/slow@sha256:5e0cf7bd1dfa3831788b0cf6dedcdd228fba6f34dc238d371e746567e80bc7b6', 'sha256:5e0cf7bd1dfa3831788b0cf6dedcdd228fba6f34dc238d371e746567e80bc7b6', '{sha256:5e0cf7bd1dfa3831788b0cf6dedcdd228fba6f34dc238d371e746567e80bc7b6}', NULL, '', '', NULL, '{"template":{"spec":{"containers":[{"name":"app"}]}},"containers":["app"]}', '2026-11-26 13:33:21+00', NULL, NULL, 'image', NULL, NULL, 3);
INSERT INTO slipway.releases OVERRIDING SYSTEM VALUE VALUES (10, 4, 33, 31, NULL, '2026-11-26 13:33:18.314254+00', '2026-11-26 13:33:20.427491+00', '2026-11-26 13:33:18.314254+00', '2026-11-26 13:33:20.427491+00', NULL, NULL, '2d6b0b2c-dc10-4e3c-b40f-ed17a2f51126', 'e9637597-84d7-4cb7-89be-f265ba2f8665', 'active', '2026-11-26', 2, 1, 0, true, true, DEFAULT, 'slipway-frozen', 'more-env-2', 'web', 'ae07fee72a04da3de6f07f717070b2ecd4a1d5b08dbdbf85fbf5337be23ac163', '', NULL, '127.0.0.1:1/shop/web@sha256:4b5e57f6eb2f42b9039b3d1e13929295f231749c510cbe341cd68036d9af97e2', 'sha256:4b5e57f6eb2f42b9039b3d1e13929295f231749c510cbe341cd68036d9af97e2', '{sha256:4b5e57f6eb2f42b9039b3d1e13929295f231749c510cbe341cd68036d9af97e2}', 'envpatches/more', 'WorkloadReady', '1 of 1 replicas run the release', NULL, '{"template":{"spec":{"containers":[{"name":"app"}]}},"containers":["app"]}', '2026-11-26 13:33:17+00', NULL, NULL, 'current', NULL, NULL, 2);
INSERT INTO slipway.schema_migrations VALUES (1, 1, '2026-11-26 13:32:50.28926+00', 'ledger', '595e7842e2a44d76e379430f7289de79e18bb7037e8bc152a929b0916f8d3f53');
INSERT INTO slipway.schema_migrations VALUES (2, 1, '2026-11-26 13:32:50.511148+00', 'sources', '094eb1a5dae88d5d50d19fb4794f752cb6a354f1092c7ef5f69d3bcf39f819c4');
INSERT INTO slipway.schema_migrations VALUES (3, 1, '2026-11-26 13:32:50.539296+00', 'clusters', 'ebd3e5d9fa7d03fd9116cfd45fda28de22eb8cff510bf83efc6136c7eaa15299');
INSERT INTO slipway.schema_migrations VALUES (4, 1, '2026-11-26 13:32:50.635275+00', 'archive', 'b3e21cd04d1936cbe401ca583a4c22183a964e5df6597977e4559eaedd0100de');
INSERT INTO slipway.schema_migrations VALUES (5, 1, '2026-11-26 13:32:50.800292+00', 'env', '078c1925328e63c13a724c4f70efaee18f3dcd8eee5cfb71a125bedb0a78ecc4');
INSERT INTO slipway.schema_migrations VALUES (6, 1, '2026-11-26 13:32:50.909068+00', 'directory', 'c75bf94270e1fa20bf9c04c3da6769a8a9e9f957a2404242741d7373f7881aa5');
INSERT INTO slipway.slugs VALUES (NULL, 1, '2026-11-26 13:32:51.701122+00', 'team', 'frozen-team', 'frozen-team');
INSERT INTO slipway.slugs VALUES (1, NULL, '2026-11-26 13:32:53.160045+00', 'stack', 'slipway-frozen-api', 'slipway-frozen-api');
INSERT INTO slipway.slugs VALUES (2, NULL, '2026-11-26 13:33:09.560739+00', 'stack', 'slipway-frozen-made', 'slipway-frozen-made');
INSERT INTO slipway.slugs VALUES (3, NULL, '2026-11-26 13:33:11.110201+00', 'stack', 'slipway-frozen-built', 'slipway-frozen-built');
INSERT INTO slipway.slugs VALUES (4, NULL, '2026-11-26 13:33:15.112245+00', 'stack', 'frozen-web', 'frozen-web');
INSERT INTO slipway.slugs VALUES (5, NULL, '2026-11-26 13:33:21.635623+00', 'stack', 'slipway-frozen-idle', 'slipway-frozen-idle');
INSERT INTO slipway.stack_sources VALUES (2, 1, true, true, 'c37124b4573e68510a9de687043d688b5405d9560c6d1073d0fbfc890b505b42', '773d2345b3f45020b1400ea85d5f1151def2331ac00cac31a7746a6168731acb', 'made-1', '{"image":"127.0.0.1:1/shop/made@sha256:ea0890697a77af0a2e054cccec587c8a42feb5cf38e778c6c6e2a96bfb945c0b"}');
INSERT INTO slipway.stacks OVERRIDING SYSTEM VALUE VALUES (1, 1, 18, '2026-11-26 13:32:52.746175+00', NULL, 'c861fe3b-043c-42f0-9fc2-6529d24f041d', 'live', 'queue', 'slipway-frozen', 'api', '00000000-0000-4000-8000-000000000000', NULL, NULL, NULL, NULL);
INSERT INTO slipway.stacks OVERRIDING SYSTEM VALUE VALUES (2, 1, 20, '2026-11-26 13:33:09.147416+00', NULL, '10b05b53-40d0-4eb6-9d95-72ecb92c50c4', 'live', 'queue', 'slipway-frozen', 'made', '00000000-0000-4000-8000-000000000000', NULL, NULL, NULL, NULL);
INSERT INTO slipway.stacks OVERRIDING SYSTEM VALUE VALUES (3, 1, 25, '2026-11-26 13:33:11.060187+00', NULL, 'dba15d93-0109-46b9-a04b-e457243a7881', 'live', 'queue', 'slipway-frozen', 'built', '00000000-0000-4000-8000-000000000000', NULL, NULL, NULL, NULL);
INSERT INTO slipway.stacks OVERRIDING SYSTEM VALUE VALUES (5, 1, 0, '2026-11-26 13:33:21.572374+00', NULL, '9977c5b4-4ca7-491e-8d20-a1d179a4209d', 'live', 'queue', 'slipway-frozen', 'idle', '00000000-0000-4000-8000-000000000000', NULL, NULL, NULL, NULL);
INSERT INTO slipway.stacks OVERRIDING SYSTEM VALUE VALUES (4, 1, 35, '2026-11-26 13:33:14.672604+00', NULL, 'e9637597-84d7-4cb7-89be-f265ba2f8665', 'live', 'queue', 'slipway-frozen', 'web', '00000000-0000-4000-8000-000000000000', 3, 1, 1, 1);
INSERT INTO slipway.team_members VALUES (1, 'member', 'bob');
INSERT INTO slipway.team_members VALUES (1, 'owner', 'alice');
INSERT INTO slipway.teams OVERRIDING SYSTEM VALUE VALUES (1, 1, '2026-11-26 13:32:51.701122+00', NULL, 'e510cca8-897d-44d6-9972-a04f1331c089', '00000000-0000-4000-8000-000000000000', 'live', DEFAULT, 'frozen-team', 'Frozen Team', 'alice');
INSERT INTO slipway.transitions VALUES (1, 1, '2026-11-26 13:32:53.215689+00', NULL, 'pending', '', '');
INSERT INTO slipway.transitions VALUES (2, 1, '2026-11-26 13:32:53.811467+00', 'pending', 'activating', '', '');
INSERT INTO slipway.transitions VALUES (3, 1, '2026-11-26 13:32:54.406898+00', 'activating', 'active', 'WorkloadReady', '1 of 1 replicas run the release');
INSERT INTO slipway.transitions VALUES (4, 2, '2026-11-26 13:32:55.171525+00', NULL, 'pending', '', '');
INSERT INTO slipway.transitions VALUES (5, 2, '2026-11-26 13:32:55.36353+00', 'pending', 'activating', '', '');
INSERT INTO slipway.transitions VALUES (6, 1, '2026-11-26 13:32:56.014848+00', 'active', 'superseded', 'NewerVersionActive', 'Version 20261126.2 took its place.');
INSERT INTO slipway.transitions VALUES (7, 2, '2026-11-26 13:32:56.014848+00', 'activating', 'active', 'WorkloadReady', '1 of 1 replicas run the release');
INSERT INTO slipway.transitions VALUES (8, 3, '2026-11-26 13:32:57.033884+00', NULL, 'pending', '', '');
INSERT INTO slipway.transitions VALUES (9, 3, '2026-11-26 13:32:57.17012+00', 'pending', 'activating', '', '');
INSERT INTO slipway.transitions VALUES (10, 2, '2026-11-26 13:32:57.735931+00', 'active', 'rolled_back', 'RolledBack', 'Version 20261126.3 restored version 20261126.1.');
INSERT INTO slipway.transitions VALUES (11, 3, '2026-11-26 13:32:57.735931+00', 'activating', 'active', 'WorkloadReady', '1 of 1 replicas run the release');
INSERT INTO slipway.transitions VALUES (12, 4, '2026-11-26 13:32:58.213043+00', NULL, 'pending', '', '');
INSERT INTO slipway.transitions VALUES (13, 4, '2026-11-26 13:32:58.393257+00', 'pending', 'activating', '', '');
INSERT INTO slipway.transitions VALUES (14, 4, '2026-11-26 13:33:06.336428+00', 'activating', 'failed', 'ProgressDeadlineExceeded', '1 old replicas are still being taken away; pod api-76848b75ff-wbmjx is not ready: containers with unready status: [app]; api-back (version 20261126.3), which was active, is put back');
INSERT INTO slipway.transitions VALUES (15, 5, '2026-11-26 13:33:06.937568+00', NULL, 'failed', 'InvalidImage', 'spec.source.image "NO/IMAGE" is no image name; write [registry/]repository[:tag][@sha256:digest] in lower case');
INSERT INTO slipway.transitions VALUES (16, 6, '2026-11-26 13:33:08.13767+00', NULL, 'pending', '', '');
INSERT INTO slipway.transitions VALUES (17, 6, '2026-11-26 13:33:08.503945+00', 'pending', 'activating', '', '');
INSERT INTO slipway.transitions VALUES (18, 6, '2026-11-26 13:33:08.73348+00', 'activating', 'cancelled', 'Cancelled', 'cancelled by spec.cancel');
INSERT INTO slipway.transitions VALUES (19, 7, '2026-11-26 13:33:10.142692+00', NULL, 'pending', '', '');
INSERT INTO slipway.transitions VALUES (20, 7, '2026-11-26 13:33:10.385058+00', 'pending', 'activating', '', '');
INSERT INTO slipway.transitions VALUES (21, 7, '2026-11-26 13:33:10.857855+00', 'activating', 'active', 'WorkloadReady', '1 of 1 replicas run the release');
INSERT INTO slipway.transitions VALUES (22, 8, '2026-11-26 13:33:12.252803+00', NULL, 'pending', '', '');
INSERT INTO slipway.transitions VALUES (23, 8, '2026-11-26 13:33:12.875442+00', 'pending', 'building', '', '');
INSERT INTO slipway.transitions VALUES (24, 8, '2026-11-26 13:33:13.109929+00', 'building', 'pushing', '', '');
INSERT INTO slipway.transitions VALUES (25, 8, '2026-11-26 13:33:13.43677+00', 'pushing', 'activating', '', '');
INSERT INTO slipway.transitions VALUES (26, 8, '2026-11-26 13:33:14.04304+00', 'activating', 'active', 'WorkloadReady', '1 of 1 replicas run the release');
INSERT INTO slipway.transitions VALUES (27, 9, '2026-11-26 13:33:15.142898+00', NULL, 'pending', '', '');
INSERT INTO slipway.transitions VALUES (28, 9, '2026-11-26 13:33:15.354239+00', 'pending', 'activating', '', '');
INSERT INTO slipway.transitions VALUES (29, 9, '2026-11-26 13:33:16.725697+00', 'activating', 'active', 'WorkloadReady', '1 of 1 replicas run the release');
INSERT INTO slipway.transitions VALUES (30, 10, '2026-11-26 13:33:18.314254+00', NULL, 'pending', '', '');
INSERT INTO slipway.transitions VALUES (31, 10, '2026-11-26 13:33:18.664624+00', 'pending', 'activating', '', '');
INSERT INTO slipway.transitions VALUES (32, 9, '2026-11-26 13:33:20.427491+00', 'active', 'superseded', 'NewerVersionActive', 'Version 20261126.2 took its place.');
INSERT INTO slipway.transitions VALUES (33, 10, '2026-11-26 13:33:20.427491+00', 'activating', 'active', 'WorkloadReady', '1 of 1 replicas run the release');
INSERT INTO slipway.transitions VALUES (34, 11, '2026-11-26 13:33:22.216945+00', NULL, 'pending', '', '');
INSERT INTO slipway.transitions VALUES (35, 11, '2026-11-26 13:33:22.440198+00', 'pending', 'activating', '', '');
SELECT pg_catalog.setval('slipway.env_patches_id_seq', 2, true);
SELECT pg_catalog.setval('slipway.releases_id_seq', 11, true);
SELECT pg_catalog.setval('slipway.stacks_id_seq', 5, true);
SELECT pg_catalog.setval('slipway.steps', 35, true);
SELECT pg_catalog.setval('slipway.teams_id_seq', 1, true);
ALTER TABLE ONLY slipway.env_identity
    ADD CONSTRAINT env_identity_pkey PRIMARY KEY (single);
ALTER TABLE ONLY slipway.env_patches
    ADD CONSTRAINT env_patches_identity_unique UNIQUE (namespace, name, stack_uid, identity, rerun_token);
ALTER TABLE ONLY slipway.env_patches
    ADD CONSTRAINT env_patches_pkey PRIMARY KEY (id);
ALTER TABLE ONLY slipway.env_patches
    ADD CONSTRAINT env_patches_uid_unique UNIQUE (uid);
ALTER TABLE ONLY slipway.env_revisions
    ADD CONSTRAINT env_revisions_of_patch UNIQUE (patch_uid);
ALTER TABLE ONLY slipway.env_revisions
    ADD CONSTRAINT env_revisions_pkey PRIMARY KEY (stack_id, number);
ALTER TABLE ONLY slipway.legal_transitions
    ADD CONSTRAINT legal_transitions_pkey PRIMARY KEY (from_phase, to_phase);
ALTER TABLE ONLY slipway.releases_archive
    ADD CONSTRAINT releases_archive_identity_unique UNIQUE NULLS NOT DISTINCT (namespace, name, stack_uid, spec_hash, rerun_token);
ALTER TABLE ONLY slipway.releases_archive
    ADD CONSTRAINT releases_archive_pkey PRIMARY KEY (id);
ALTER TABLE ONLY slipway.releases_archive
    ADD CONSTRAINT releases_archive_uid_unique UNIQUE (uid);
ALTER TABLE ONLY slipway.releases_archive
    ADD CONSTRAINT releases_archive_version_unique UNIQUE (namespace, stack_name, version_day, version_number);
ALTER TABLE ONLY slipway.releases
    ADD CONSTRAINT releases_identity_unique UNIQUE NULLS NOT DISTINCT (namespace, name, stack_uid, spec_hash, rerun_token);
ALTER TABLE ONLY slipway.releases
    ADD CONSTRAINT releases_pkey PRIMARY KEY (id);
ALTER TABLE ONLY slipway.releases
    ADD CONSTRAINT releases_uid_unique UNIQUE (uid);
ALTER TABLE ONLY slipway.releases
    ADD CONSTRAINT releases_version_unique UNIQUE (namespace, stack_name, version_day, version_number);
ALTER TABLE ONLY slipway.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);
ALTER TABLE ONLY slipway.slugs
    ADD CONSTRAINT slugs_of_stack UNIQUE (stack_id);
ALTER TABLE ONLY slipway.slugs
    ADD CONSTRAINT slugs_of_team UNIQUE (team_id);
ALTER TABLE ONLY slipway.slugs
    ADD CONSTRAINT slugs_unique UNIQUE (kind, slug);
ALTER TABLE ONLY slipway.stack_sources
    ADD CONSTRAINT stack_sources_pkey PRIMARY KEY (stack_id);
ALTER TABLE ONLY slipway.stacks
    ADD CONSTRAINT stacks_pkey PRIMARY KEY (id);
ALTER TABLE ONLY slipway.stacks
    ADD CONSTRAINT stacks_uid_unique UNIQUE (uid);
ALTER TABLE ONLY slipway.team_members
    ADD CONSTRAINT team_members_pkey PRIMARY KEY (team_id, subject);
ALTER TABLE ONLY slipway.team_members
    ADD CONSTRAINT team_members_with_role UNIQUE (team_id, subject, role);
ALTER TABLE ONLY slipway.teams
    ADD CONSTRAINT teams_pkey PRIMARY KEY (id);
ALTER TABLE ONLY slipway.teams
    ADD CONSTRAINT teams_uid_unique UNIQUE (uid);
ALTER TABLE ONLY slipway.transitions
    ADD CONSTRAINT transitions_pkey PRIMARY KEY (id);
CREATE INDEX env_patches_of_stack ON slipway.env_patches USING btree (stack_id, id);
CREATE INDEX env_revisions_by_key ON slipway.env_revisions USING btree (key_id);
CREATE INDEX env_revisions_projected ON slipway.env_revisions USING btree (stack_id, number) WHERE projected;
CREATE INDEX releases_archive_of_stack ON slipway.releases_archive USING btree (stack_id);
CREATE INDEX releases_history ON slipway.releases USING btree (stack_id, id);
CREATE INDEX releases_in_flight ON slipway.releases USING btree (stack_id, id) WHERE in_flight;
CREATE UNIQUE INDEX releases_one_activating ON slipway.releases USING btree (stack_id) WHERE (phase = 'activating'::slipway.phase);
CREATE UNIQUE INDEX releases_one_active ON slipway.releases USING btree (stack_id) WHERE (phase = 'active'::slipway.phase);
CREATE UNIQUE INDEX releases_one_exclusive ON slipway.releases USING btree (stack_id) WHERE (exclusive AND in_flight);
CREATE INDEX releases_superseded_by ON slipway.releases USING btree (superseded_by) WHERE (superseded_by IS NOT NULL);
CREATE UNIQUE INDEX stacks_name_unique ON slipway.stacks USING btree (namespace, name) WHERE (lifecycle <> 'deleted'::slipway.stack_lifecycle);
CREATE INDEX stacks_of_cluster ON slipway.stacks USING btree (cluster) WHERE (lifecycle <> 'deleted'::slipway.stack_lifecycle);
CREATE INDEX stacks_of_team ON slipway.stacks USING btree (team_id) WHERE ((team_id IS NOT NULL) AND (lifecycle <> 'deleted'::slipway.stack_lifecycle));
CREATE UNIQUE INDEX team_members_one_owner ON slipway.team_members USING btree (team_id) WHERE (role = 'owner'::slipway.team_role);
CREATE UNIQUE INDEX teams_name_unique ON slipway.teams USING btree (name) WHERE (lifecycle <> 'deleted'::slipway.team_lifecycle);
CREATE INDEX teams_of_cluster ON slipway.teams USING btree (cluster) WHERE (lifecycle <> 'deleted'::slipway.team_lifecycle);
CREATE INDEX transitions_of_release ON slipway.transitions USING btree (release_id, id);
CREATE TRIGGER check_env_revision BEFORE INSERT ON slipway.env_revisions FOR EACH ROW EXECUTE FUNCTION slipway.check_env_revision();
CREATE TRIGGER check_slug_owner AFTER INSERT OR UPDATE OF stack_id, team_id ON slipway.slugs FOR EACH ROW EXECUTE FUNCTION slipway.check_slug_owner();
CREATE TRIGGER check_team_of_stack BEFORE INSERT OR UPDATE OF team_id ON slipway.stacks FOR EACH ROW WHEN (((new.team_id IS NOT NULL) AND (new.lifecycle <> 'deleted'::slipway.stack_lifecycle))) EXECUTE FUNCTION slipway.check_team_of_stack();
CREATE TRIGGER check_team_unused AFTER UPDATE OF lifecycle ON slipway.teams FOR EACH ROW WHEN ((new.lifecycle = 'deleted'::slipway.team_lifecycle)) EXECUTE FUNCTION slipway.check_team_unused();
CREATE TRIGGER check_transition BEFORE INSERT OR UPDATE OF phase ON slipway.releases FOR EACH ROW EXECUTE FUNCTION slipway.check_transition();
CREATE CONSTRAINT TRIGGER free_slug AFTER UPDATE OF lifecycle ON slipway.stacks DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.lifecycle = 'deleted'::slipway.stack_lifecycle)) EXECUTE FUNCTION slipway.free_slug();
CREATE CONSTRAINT TRIGGER free_slug AFTER UPDATE OF lifecycle ON slipway.teams DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.lifecycle = 'deleted'::slipway.team_lifecycle)) EXECUTE FUNCTION slipway.free_slug();
CREATE TRIGGER record_transition AFTER INSERT OR UPDATE OF phase ON slipway.releases FOR EACH ROW EXECUTE FUNCTION slipway.record_transition();
ALTER TABLE ONLY slipway.env_patches
    ADD CONSTRAINT env_patches_stack_id_fkey FOREIGN KEY (stack_id) REFERENCES slipway.stacks(id);
ALTER TABLE ONLY slipway.env_patches
    ADD CONSTRAINT env_patches_stack_id_revision_fkey FOREIGN KEY (stack_id, revision) REFERENCES slipway.env_revisions(stack_id, number) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY slipway.env_revisions
    ADD CONSTRAINT env_revisions_stack_id_fkey FOREIGN KEY (stack_id) REFERENCES slipway.stacks(id);
ALTER TABLE ONLY slipway.releases
    ADD CONSTRAINT releases_env_revision FOREIGN KEY (stack_id, env_revision) REFERENCES slipway.env_revisions(stack_id, number) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY slipway.releases
    ADD CONSTRAINT releases_stack_id_fkey FOREIGN KEY (stack_id) REFERENCES slipway.stacks(id);
ALTER TABLE ONLY slipway.releases
    ADD CONSTRAINT releases_superseded_by_fkey FOREIGN KEY (superseded_by) REFERENCES slipway.releases(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY slipway.slugs
    ADD CONSTRAINT slugs_stack_id_fkey FOREIGN KEY (stack_id) REFERENCES slipway.stacks(id);
ALTER TABLE ONLY slipway.slugs
    ADD CONSTRAINT slugs_team_id_fkey FOREIGN KEY (team_id) REFERENCES slipway.teams(id);
ALTER TABLE ONLY slipway.stack_sources
    ADD CONSTRAINT stack_sources_stack_id_fkey FOREIGN KEY (stack_id) REFERENCES slipway.stacks(id);
ALTER TABLE ONLY slipway.stacks
    ADD CONSTRAINT stacks_env_revision FOREIGN KEY (id, env_revision) REFERENCES slipway.env_revisions(stack_id, number) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY slipway.stacks
    ADD CONSTRAINT stacks_team_id_fkey FOREIGN KEY (team_id) REFERENCES slipway.teams(id);
ALTER TABLE ONLY slipway.team_members
    ADD CONSTRAINT team_members_team_id_fkey FOREIGN KEY (team_id) REFERENCES slipway.teams(id);
ALTER TABLE ONLY slipway.teams
    ADD CONSTRAINT teams_owner_is_member FOREIGN KEY (id, owner, owner_role) REFERENCES slipway.team_members(team_id, subject, role) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY slipway.transitions
    ADD CONSTRAINT transitions_release_id_fkey FOREIGN KEY (release_id) REFERENCES slipway.releases(id) ON DELETE CASCADE;
