-- works-with: 1
--
-- Where a release's image comes from: given, built on the cluster, or that of an earlier release; and what a stack's own source has
-- asked for. What an operator of the schema before writes gets the defaults: it releases images only.

CREATE TYPE slipway.release_source AS ENUM ('image', 'git', 'oci', 'archive', 'current', 'rollback');

ALTER TABLE slipway.releases
    ADD COLUMN asked_at        timestamptz,
    ADD COLUMN rollback_day    date,
    ADD COLUMN rollback_number integer,
    ADD COLUMN source          slipway.release_source NOT NULL DEFAULT 'image',
    ADD COLUMN revision        text,
    ADD COLUMN build           json,
    ADD CONSTRAINT releases_rollback_whole CHECK ((rollback_day IS NULL) = (rollback_number IS NULL)),
    ADD CONSTRAINT releases_rollback_target CHECK ((source = 'rollback') = (rollback_day IS NOT NULL)),
    ADD CONSTRAINT releases_build_known CHECK (build IS NOT NULL OR phase NOT IN ('building', 'pushing'));
COMMENT ON COLUMN slipway.releases.asked_at IS 'When the object was created, by the API server''s clock: the turn order, with namespace and name.';
COMMENT ON COLUMN slipway.releases.revision IS 'The commit, or the digest of the artifact, that was built.';
COMMENT ON COLUMN slipway.releases.build IS 'All that the build needs, so that it does not depend on objects that may change meanwhile.';


-- What the newest seen generation of a stack's object says of its own source, and which Deployment that made. One row is one decision:
-- it is written before the object is made, so that a crash in between makes the same object again and never another one.
CREATE TABLE slipway.stack_sources (
    stack_id      bigint PRIMARY KEY REFERENCES slipway.stacks (id),
    generation    bigint NOT NULL,
    made          boolean NOT NULL,
    landed        boolean NOT NULL,
    source_hash   text NOT NULL,
    template_hash text NOT NULL,
    deployment    text,
    spec          json,
    CONSTRAINT stack_sources_asked CHECK ((deployment IS NULL) = (spec IS NULL)),
    CONSTRAINT stack_sources_made CHECK (made OR deployment IS NOT NULL)
);
COMMENT ON COLUMN slipway.stack_sources.generation IS 'Generation of the Stack that was looked at last; an older one changes nothing.';
COMMENT ON COLUMN slipway.stack_sources.made IS 'The Deployment has been created: it is not created again, also when somebody deletes it.';
COMMENT ON COLUMN slipway.stack_sources.landed IS 'A release of this very source has been active. From then on a new template is released with the image that is active, so that an unchanged source never undoes a rollback.';
