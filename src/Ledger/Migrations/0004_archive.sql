-- works-with: 1
--
-- Where ended releases go when they are old: out of the way of what is asked all the time, and found by whoever asks for one of them.
-- What an operator does not know of it does not harm it: only releases that ended long ago are there.

CREATE TABLE slipway.releases_archive (
    LIKE slipway.releases,
    superseded_day    date,
    superseded_number integer,
    archived_at       timestamptz NOT NULL,
    transitions       json NOT NULL
);
ALTER TABLE slipway.releases_archive DROP COLUMN in_flight;
COMMENT ON COLUMN slipway.releases_archive.superseded_day IS 'Version of the release that superseded_by names; with superseded_number.';
COMMENT ON COLUMN slipway.releases_archive.transitions IS 'Every move it made, as the ledger reads them.';

ALTER TABLE slipway.releases_archive
    ADD PRIMARY KEY (id),
    ADD CONSTRAINT releases_archive_uid_unique UNIQUE (uid),
    ADD CONSTRAINT releases_archive_identity_unique UNIQUE NULLS NOT DISTINCT (namespace, name, stack_uid, spec_hash, rerun_token),
    ADD CONSTRAINT releases_archive_version_unique UNIQUE (namespace, stack_name, version_day, version_number),
    ADD CONSTRAINT releases_archive_ended CHECK (phase IN ('superseded', 'rolled_back', 'failed', 'cancelled'));

CREATE INDEX releases_archive_of_stack ON slipway.releases_archive (stack_id);

-- Who names a release as its successor: before a row can leave, nobody may.
CREATE INDEX releases_superseded_by ON slipway.releases (superseded_by) WHERE superseded_by IS NOT NULL;
