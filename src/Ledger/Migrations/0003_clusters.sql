-- works-with: 1
--
-- Which cluster a stack's object is in. A stack whose object is gone is ended only by an operator of the cluster that it was
-- registered from: an operator of another one, for example while objects are being restored into a new cluster, knows nothing of it.

ALTER TABLE slipway.stacks ADD COLUMN cluster uuid;
COMMENT ON COLUMN slipway.stacks.cluster IS 'The UID of the namespace kube-system there. NULL: registered before this was recorded.';

CREATE INDEX stacks_of_cluster ON slipway.stacks (cluster) WHERE lifecycle <> 'deleted';
