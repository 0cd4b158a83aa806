using Npgsql;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Json;
using Slipway.Crds;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Slipway.Crds.V1Alpha1.EnvPatches;
using Slipway.Crds.V1Alpha1.Stacks;
using Slipway.Crds.V1Alpha1.Teams;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Config;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger;
using Slipway.Ledger.Directory;
using Slipway.Ledger.Env;
using Slipway.Operator.Builds;
using Slipway.Operator.Commands;
using Slipway.Operator.Deployments;
using Slipway.Operator.EnvPatches;
using Slipway.Operator.Registry;
using Slipway.Operator.Releases;
using Slipway.Operator.Slugs;
using Slipway.Operator.Stacks;
using Slipway.Operator.Teams;
using Slipway.Retry;
using Slipway.Runtime;
using Slipway.Runtime.Caching;
using Slipway.Runtime.Events;
using Slipway.Runtime.Metrics;

namespace Slipway.Operator;

/// <summary>Puts the operator together and runs it; reads from top to bottom.</summary>
public static class OperatorHost
{
    private static readonly InformerScope Ours = new() { LabelSelector = $"{WellKnown.Labels.ManagedBy}={WellKnown.FieldManager}" };

    /// <returns>The process's exit code.</returns>
    /// <exception cref="LedgerSchemaTooNewException">The ledger belongs to a newer Slipway.</exception>
    public static async Task<int> RunAsync(OperatorOptions options, KubeConfig kubeconfig, CancellationToken cancellationToken)
    {
        // First of all: what is counted before it listens is lost.
        using var metrics = new MetricsRegistry(
            RuntimeMeter.Name, KubeClient.MeterName, ConflictRetry.MeterName, LedgerMetrics.MeterName, ReleaseMetrics.MeterName);
        await using var serilog = Logger(options);
        using var loggers = new SerilogLoggerFactory(serilog);
        var log = new OperatorLog(loggers.CreateLogger("slipway"));
        var time = TimeProvider.System;
        var version = typeof(OperatorHost).Assembly.GetName().Version?.ToString(3) ?? "0";
        var retry = new ConflictRetry(
            options.ConflictRetry,
            time,
            Random.Shared,
            collision => log.Collision(
                collision.Operation, collision.Subject, collision.Attempt, collision.Error is PostgresException error ? error.MessageText : collision.Error.Message));

        await using var database = LedgerDataSource.Create(options.Database);
        var ledger = new ReleaseLedger(database, time, retry);
        var directory = new DirectoryLedger(database, time, retry);
        using var client = new KubeClient(
            kubeconfig, new KubeClientOptions { FieldManager = WellKnown.FieldManager, UserAgent = $"slipway/{version}", ConflictRetry = options.ConflictRetry });
        var keySecret = options.EnvKeysFile is null
            ? new EnvKeySecret(
                client, LeaderOptions.HomeOf(options.Home, kubeconfig), token => EnvLedger.HasEncryptedAsync(database, token), log.EnvKeyMade, time)
            : null;
        var env = new EnvLedger(database, time, keySecret is null ? new EnvKeyFile(options.EnvKeysFile).Read : keySecret.Read);
        using var manager = new Manager(client, new ManagerOptions { DrainTimeout = options.DrainTimeout }, log, time, Random.Shared);
        using var registryHttp = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };

        var deployments = manager.Cache<Deployment>(options.Namespaces.Names, InformerScope.All);
        var stacks = manager.Cache<Stack>(options.Namespaces.Names, InformerScope.All);
        var patches = manager.Cache<EnvPatch>(options.Namespaces.Names, InformerScope.All);
        var teams = manager.Informer<Team>(InformerScope.All);
        var workloads = manager.Cache<V1Deployment>(options.Namespaces.Names, Ours);
        var services = manager.Cache<V1Service>(options.Namespaces.Names, Ours);
        var pods = manager.Cache<V1Pod>(options.Namespaces.Names, Ours);
        var jobs = manager.Cache<V1Job>(options.Namespaces.Names, Ours);
        deployments.AddIndex(Observer.ByStack, deployment => [StackKey(deployment).ToString()]);
        pods.AddIndex(Observer.ByStack, pod => ReleaseLabels.StackOf(pod) is { } stack ? [stack.ToString()] : []);
        pods.AddIndex(BuildJobs.ByRelease, pod => ReleaseLabels.BuildOf(pod) is { } release ? [release.ToString()] : []);
        patches.AddIndex(EnvPatchReconciler.ByStack, patch => [new NamespacedName(patch.Metadata.Namespace ?? "", patch.Spec.Stack).ToString()]);
        stacks.AddIndex(StackTeams.ByTeam, stack => StackTeams.NameOf(stack) is { } team ? [team] : []);
        stacks.AddIndex(Wiring.WithoutSlug, stack => WaitsForSlug(stack.Status?.Conditions));
        teams.AddIndex(Wiring.WithoutSlug, team => WaitsForSlug(team.Status?.Conditions));

        var wakeups = new Wakeups();
        var recorder = new EventRecorder(
            client, new EventRecorderOptions { Controller = $"{WellKnown.Group}/operator", Instance = Environment.MachineName }, log, time);
        Sweep? sweep = null;
        var health = new LedgerHealth(
            new Migrator(database, time),
            ledger,
            time,
            error =>
            {
                log.LedgerLost(error.Message);
                WakeAll(wakeups, stacks.Store, deployments.Store, patches.Store, teams.Store);
            },
            () =>
            {
                log.LedgerFound();
                sweep?.Ask();
                WakeAll(wakeups, stacks.Store, deployments.Store, patches.Store, teams.Store);
            });
        var cluster = new ClusterIdentity(client, log.ClusterUnknown);
        var registrar = new StackRegistrar(client, ledger, cluster);
        IReadOnlyCollection<Deployment> DeploymentsOf(NamespacedName stack) => deployments.Store.ByIndex(Observer.ByStack, stack.ToString());
        var baselines = new StackBaselines(
            env, DeploymentsOf, stack => patches.Store.ByIndex(EnvPatchReconciler.ByStack, stack.ToString()));
        var vanished = new VanishedStacks(client, ledger, cluster, options.Namespaces, stacks.Store, log, time, options.VanishedAfter);
        var vanishedTeams = new VanishedTeams(client, directory, cluster, teams.Store, log, time, options.VanishedAfter);
        sweep = new Sweep(client, ledger, health, options.Namespaces, deployments.Store, vanished, vanishedTeams, wakeups, log, time);
        var stackTeams = new StackTeams(teams.Store);

        var buildJobs = new BuildJobs(client, jobs.Store, pods.Store, options.Builds);
        var observer = new Observer(
            client, deployments.Store, stacks.Store, workloads.Store, pods.Store, stackTeams, buildJobs, options.Builds, ledger, health);
        var resolver = new ImageResolver(client, new RegistryClient(registryHttp, options.InsecureRegistries));
        var failureLog = new FailureLog(client, pods.Store);
        var mover = new Mover(
            ledger,
            registrar,
            baselines,
            observer,
            resolver,
            new BuildMover(ledger, buildJobs, resolver, failureLog, new BuildEvents(client)),
            options.Builds,
            failureLog,
            wakeups,
            time);
        var releases = new DeploymentReconciler(
            client,
            deployments.Store,
            observer,
            mover,
            health,
            new StatusWriter<Deployment, DeploymentStatus>(client, retry),
            new TransitionEvents(recorder, log),
            time);
        var teardown = new StackTeardown(client, ledger, health, wakeups, stack => DeploymentsOf(stack).Select(one => NamespacedName.Of(one)), time);
        var envSecrets = new EnvSecrets(client, env);
        var followers = new StackReconciler(
            client,
            stacks.Store,
            ledger,
            registrar,
            baselines,
            new StackListing(directory, stackTeams, recorder, wakeups),
            health,
            new WorkloadWriter(client, ledger, envSecrets, retry),
            new ServiceWriter(client, retry),
            envSecrets,
            new StackSources(client, deployments.Store, ledger),
            new HistoryPruning(client),
            teardown,
            DeploymentsOf,
            new StatusWriter<Stack, StackStatus>(client, retry),
            recorder,
            wakeups,
            time);

        var merges = new EnvPatchReconciler(
            client,
            patches.Store,
            stacks.Store,
            env,
            registrar,
            baselines,
            new EnvSecretSources(client),
            new EnvReleases(client, env),
            health,
            new EnvPatchReports(new StatusWriter<EnvPatch, EnvPatchStatus>(client, retry), recorder, log, time),
            wakeups,
            time);

        var teamReports = new TeamReports(new StatusWriter<Team, TeamStatus>(client, retry), recorder, time);
        var directors = new TeamReconciler(
            client,
            teams.Store,
            directory,
            cluster,
            health,
            new TeamTeardown(
                client,
                directory,
                health,
                team => stacks.Store.ByIndex(StackTeams.ByTeam, team),
                options.Namespaces,
                teamReports,
                time),
            teamReports);

        var controllers = new ControllerOptions { MaxConcurrentReconciles = options.Workers, MaxBackoff = TimeSpan.FromSeconds(30) };
        var wiring = new Wiring(deployments.Store, patches.Store, stacks.Store, teams.Store);
        var deploymentQueue = manager.AddController("deployment", releases, controllers)
            .For(deployments)
            .Watches(deployments, wiring.Peers)
            .Watches(stacks, wiring.OfStack)
            .Watches(workloads, wiring.OfWorkload)
            .Watches(pods, wiring.OfPod)
            .Watches(teams, wiring.ReleasesOfTeam)
            .Owns<Deployment, V1Job>(jobs)
            .Queue;
        var stackQueue = manager.AddController("stack", followers, controllers)
            .For(stacks)
            .Owns<Stack, V1Deployment>(workloads)
            .Owns<Stack, V1Service>(services)
            .Watches(deployments, Wiring.StackOf)
            .Watches(teams, wiring.StacksOfTeam)
            .Watches(stacks, wiring.StacksWithoutSlug)
            .Queue;
        var patchQueue = manager.AddController("envpatch", merges, controllers)
            .For(patches)
            .Watches(patches, wiring.PatchPeers)
            .Watches(stacks, wiring.PatchesOfStack)
            .Queue;
        var teamQueue = manager.AddController("team", directors, controllers)
            .For(teams)
            .Watches(teams, wiring.TeamsWithoutSlug)
            .Watches(stacks, Wiring.TeamsOfStack)
            .Queue;
        wakeups.Connect(stackQueue, deploymentQueue, patchQueue, teamQueue);
        deployments.OnChange(change => AskForSweep(change, sweep));

        manager.AddBackground(recorder.RunAsync);
        manager.AddBackground(health.RunAsync);
        manager.AddLeaderStart(token => LeadAsync(health, keySecret, token));
        manager.AddLeaderWork(sweep.RunAsync);
        manager.AddLeaderWork(new Archiving(ledger, health, log, time, options.ArchiveAfter).RunAsync);
        manager.AddLeaderWork(new EnvKeyRotation(env, health, log, time).RunAsync);
        if (keySecret is not null)
        {
            manager.AddLeaderWork(keySecret.RunAsync);
        }

        using var election = options.Leader is { } leader
            ? new LeaderElection(client, leader.For(kubeconfig, Environment.MachineName), log, time, Random.Shared)
            : null;
        await using var probes = await Probes.StartAsync(
            options.ProbeAddress, () => election?.IsStuck != true, () => Missing(manager, health), metrics, cancellationToken);
        log.Starting(version, kubeconfig.Server.ToString(), options.Workers, options.ProbeAddress.ToString());
        await using var announce = cancellationToken.Register(() => log.Stopping("it was told to"));
        await (election is null ? manager.RunAsync(cancellationToken) : manager.RunAsync(election, cancellationToken));
        log.Stopped();
        return ExitCodes.Stopped;
    }

    /// <summary>The ledger is migrated first; the keys may have to be made, which depends on it.</summary>
    private static async Task LeadAsync(LedgerHealth health, EnvKeySecret? keys, CancellationToken cancellationToken)
    {
        await health.LeadAsync(cancellationToken);
        await (keys?.LookAsync(cancellationToken) ?? Task.CompletedTask);
    }

    private static Serilog.Core.Logger Logger(OperatorOptions options)
    {
        var configuration = new LoggerConfiguration().MinimumLevel.Is(Enum.Parse<LogEventLevel>(options.LogLevel, ignoreCase: true));
        return (options.LogAsJson
            ? configuration.WriteTo.Console(new JsonFormatter(renderMessage: true))
            : configuration.WriteTo.Console(
                outputTemplate: "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffZ} {Level:u3} {Message:lj}{NewLine}{Exception}",
                formatProvider: System.Globalization.CultureInfo.InvariantCulture))
            .CreateLogger();
    }

    private static NamespacedName StackKey(Deployment deployment) => new(deployment.Metadata.Namespace ?? "", deployment.Spec.Stack);

    private static IEnumerable<string> WaitsForSlug(IReadOnlyList<Condition>? conditions) =>
        SlugCondition.IsExhausted(conditions) ? [Wiring.WithoutSlug] : [];

    private static void WakeAll(Wakeups wakeups, IStore<Stack> stacks, IStore<Deployment> deployments, IStore<EnvPatch> patches, IStore<Team> teams)
    {
        foreach (var stack in stacks.List())
        {
            wakeups.Stack(stack.Metadata.Namespace!, stack.Metadata.Name!);
        }

        foreach (var deployment in deployments.List())
        {
            wakeups.Deployment(deployment.Metadata.Namespace!, deployment.Metadata.Name!);
        }

        foreach (var patch in patches.List())
        {
            wakeups.EnvPatch(patch.Metadata.Namespace!, patch.Metadata.Name!);
        }

        foreach (var team in teams.List())
        {
            wakeups.Team(team.Metadata.Name!);
        }
    }

    /// <summary>An object that is gone while its release was in flight was not ended by its finalizer.</summary>
    private static void AskForSweep(StoreChange<Deployment> change, Sweep sweep)
    {
        if (change.New is null && change.Old?.Status?.Phase?.IsInFlight() == true)
        {
            sweep.Ask();
        }
    }

    private static IReadOnlyList<string> Missing(Manager manager, LedgerHealth health)
    {
        var missing = new List<string>();
        if (!manager.HasSynced)
        {
            missing.Add("the caches are not in sync with the API server yet");
        }

        if (!health.IsReachable)
        {
            missing.Add("the ledger (PostgreSQL) cannot be reached");
        }

        return missing;
    }
}
