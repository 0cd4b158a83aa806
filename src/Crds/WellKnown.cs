namespace Slipway.Crds;

/// <summary>Every string that other programs may rely on, once.</summary>
public static class WellKnown
{
    public const string Group = "slipway.dev";

    public const string Version = "v1alpha1";

    public const string Category = "slipway";

    /// <summary>Field manager of all our writes; also the name under which we report events.</summary>
    public const string FieldManager = "slipway";

    public const string Finalizer = "slipway.dev/release";

    public static class Labels
    {
        public const string ManagedBy = "app.kubernetes.io/managed-by";

        public const string AppName = "app.kubernetes.io/name";

        /// <summary>Name of the stack that a workload, service or pod belongs to; the workload's selector.</summary>
        public const string Stack = "slipway.dev/stack";

        /// <summary>
        /// Name of the stack that a build Job and its pod belong to. Not <see cref="Stack"/>: the stack's Service and workload
        /// select by that, and must never take a build for one of their pods.
        /// </summary>
        public const string BuildOf = "slipway.dev/build-of";

        /// <summary>Name of the Deployment (deployments.slipway.dev) that a build Job and its pod belong to.</summary>
        public const string Release = "slipway.dev/release";

        /// <summary>Version of the release that a pod runs, or builds.</summary>
        public const string Version = "slipway.dev/version";

        /// <summary>Says "true" on a Secret that an EnvPatch may take values from: whoever may write the Secret has agreed to it.</summary>
        public const string Env = "slipway.dev/env";
    }

    public static class Annotations
    {
        /// <summary>A token that asks for a new run of a Deployment whose name and spec have already run.</summary>
        public const string Rerun = "slipway.dev/rerun";

        /// <summary>Sequence number of the ledger that a workload was written from; never goes back.</summary>
        public const string Sequence = "slipway.dev/sequence";

        /// <summary>Generation of the Stack that a workload was written from; never goes back.</summary>
        public const string StackGeneration = "slipway.dev/stack-generation";

        /// <summary>Name of the Deployment (deployments.slipway.dev) whose release a workload runs.</summary>
        public const string Release = "slipway.dev/release";

        /// <summary>Left on a workload whose stack was deleted with deletionPolicy Orphan: the stack's name.</summary>
        public const string OrphanedFrom = "slipway.dev/orphaned-from";
    }

    /// <summary>Condition types; the first three are of every kind (kstatus).</summary>
    public static class Conditions
    {
        public const string Ready = "Ready";

        public const string Reconciling = "Reconciling";

        public const string Stalled = "Stalled";

        /// <summary>Of kinds that have a slug.</summary>
        public const string SlugAllocated = "SlugAllocated";
    }
}
