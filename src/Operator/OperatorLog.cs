using Microsoft.Extensions.Logging;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Faults;
using Slipway.Runtime;

namespace Slipway.Operator;

/// <summary>Every line the operator logs, each with scalar properties only: no object is ever taken apart by reflection.</summary>
public sealed partial class OperatorLog(ILogger logger) : RuntimeObserver
{
    [LoggerMessage(100, LogLevel.Information, "slipway {Version} starts: API server {Server}, {Workers} workers per kind, probes on {Probes}")]
    public partial void Starting(string version, string server, int workers, string probes);

    [LoggerMessage(101, LogLevel.Information, "slipway stops: {Why}")]
    public partial void Stopping(string why);

    [LoggerMessage(102, LogLevel.Information, "slipway has stopped")]
    public partial void Stopped();

    [LoggerMessage(110, LogLevel.Warning, "The ledger cannot be reached; releases wait, and what runs is untouched: {Error}")]
    public partial void LedgerLost(string error);

    [LoggerMessage(111, LogLevel.Information, "The ledger is there")]
    public partial void LedgerFound();

    [LoggerMessage(120, LogLevel.Information, "Release {Release}, version {Version} of stack {Stack}: {From} -> {To} {Reason} {Message}")]
    public partial void Transition(NamespacedName release, string version, string stack, string from, string to, string reason, string message);

    [LoggerMessage(121, LogLevel.Information, "Release {Release}, version {Version}, ended: its object is gone")]
    public partial void Swept(NamespacedName release, string version);

    [LoggerMessage(122, LogLevel.Warning, "Looking for releases, stacks and teams without an object failed; the next round looks at everything again")]
    public partial void SweepFailed(Exception error);

    [LoggerMessage(123, LogLevel.Warning, "Stack {Stack} ended in the ledger: its object is gone without a teardown")]
    public partial void StackVanished(NamespacedName stack);

    [LoggerMessage(132, LogLevel.Warning, "Team {Team} ended in the ledger: its object is gone without a teardown")]
    public partial void TeamVanished(string team);

    [LoggerMessage(124, LogLevel.Warning, "Stacks and teams that vanish are not noticed, because the namespace kube-system may not be read: {Error} (kubectl apply --validate=false -f config/rbac, then restart)")]
    public partial void ClusterUnknown(string error);

    [LoggerMessage(125, LogLevel.Information, "{Count} releases that ended long ago went to the archive")]
    public partial void Archived(int count);

    [LoggerMessage(126, LogLevel.Warning, "Archiving releases failed, and is tried again in a minute")]
    public partial void ArchivingFailed(Exception error);

    [LoggerMessage(127, LogLevel.Information, "Patch {Patch} of the variables of stack {Stack}: {Phase} {Reason} {Message}")]
    public partial void PatchDecided(NamespacedName patch, string stack, string phase, string reason, string message);

    [LoggerMessage(128, LogLevel.Information, "{Count} revisions of variables are encrypted with the first key now; the older ones are not needed for them any more")]
    public partial void Reencrypted(int count);

    [LoggerMessage(129, LogLevel.Warning, "Encrypting variables with the first key failed, and is tried again in a minute")]
    public partial void ReencryptionFailed(Exception error);

    [LoggerMessage(131, LogLevel.Information, "A key to encrypt variables with was made, in Secret {Secret}; keep a copy of it: without it the variables in the ledger cannot be read")]
    public partial void EnvKeyMade(NamespacedName secret);

    [LoggerMessage(130, LogLevel.Warning, "Lost race {Attempt} of {Operation} for {Subject}, tried again: {Error}")]
    public partial void Collision(string operation, string subject, int attempt, string error);

    public override void ReconcileFailed(string controller, NamespacedName key, Exception error, int failures, TimeSpan retryIn) =>
        LogReconcileFailed(error, controller, key, failures, retryIn.TotalSeconds);

    public override void DrainTimedOut(string controller, int running) => LogDrainTimedOut(controller, running);

    public override void Listed(string kind, int count, string resourceVersion, string reason) => LogListed(kind, count, resourceVersion, reason);

    public override void ListFailed(string kind, Exception error, TimeSpan retryIn)
    {
        var remedy = error is ApiException { Code: 404 } ? " (are the custom resource definitions installed? kubectl apply --validate=false -f config/crd)" : "";
        LogListFailed(kind, retryIn.TotalSeconds, error.Message, remedy);
    }

    public override void StreamingRefused(string kind, Exception error) => LogStreamingRefused(kind, error.Message);

    public override void WatchFailed(string kind, Exception error, TimeSpan retryIn) => LogWatchFailed(kind, retryIn.TotalSeconds, error.Message);

    public override void ObjectSkipped(string kind, NamespacedName? key, string message) => LogObjectSkipped(kind, key?.ToString() ?? "?", message);

    public override void HandlerFailed(string kind, NamespacedName key, Exception error) => LogHandlerFailed(error, kind, key);

    public override void EventDropped(string kind, NamespacedName about, string reason, string cause) => LogEventDropped(kind, about, reason, cause);

    public override void LeaderSeen(string lease, string holder, DateTimeOffset? since) =>
        LogLeaderSeen(lease, holder, since?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture) ?? "an unknown time");

    public override void LeadershipAcquired(string lease, string identity) => LogLeadershipAcquired(lease, identity);

    public override void LeadershipLost(string lease, string reason) => LogLeadershipLost(lease, reason);

    public override void LeaseFailed(string lease, Exception error)
    {
        var remedy = error is ApiException { Code: 403 or 404 } ? " (are the namespace and the role there? kubectl apply --validate=false -f config/rbac)" : "";
        LogLeaseFailed(lease, error.Message, remedy);
    }

    [LoggerMessage(200, LogLevel.Warning, "Reconcile of {Controller} {Key} failed ({Failures} in a row), again in {RetrySeconds} s")]
    private partial void LogReconcileFailed(Exception error, string controller, NamespacedName key, int failures, double retrySeconds);

    [LoggerMessage(201, LogLevel.Warning, "{Running} reconciles of {Controller} did not end in time and were cancelled")]
    private partial void LogDrainTimedOut(string controller, int running);

    [LoggerMessage(210, LogLevel.Debug, "Listed {Count} {Kind} at {ResourceVersion} ({Reason})")]
    private partial void LogListed(string kind, int count, string resourceVersion, string reason);

    [LoggerMessage(211, LogLevel.Warning, "Listing {Kind} failed, again in {RetrySeconds} s: {Error}{Remedy}")]
    private partial void LogListFailed(string kind, double retrySeconds, string error, string remedy);

    [LoggerMessage(212, LogLevel.Information, "The watch of {Kind} was interrupted and is resumed in {RetrySeconds} s: {Error}")]
    private partial void LogWatchFailed(string kind, double retrySeconds, string error);

    [LoggerMessage(215, LogLevel.Debug, "{Kind} and all other kinds are listed, since the API server does not stream them: {Error}")]
    private partial void LogStreamingRefused(string kind, string error);

    [LoggerMessage(213, LogLevel.Error, "{Kind} {Key} cannot be read and is left alone: {Error}")]
    private partial void LogObjectSkipped(string kind, string key, string error);

    [LoggerMessage(214, LogLevel.Error, "A handler of {Kind} {Key} failed")]
    private partial void LogHandlerFailed(Exception error, string kind, NamespacedName key);

    [LoggerMessage(230, LogLevel.Information, "Standing by: {Holder} leads since {Since} (lease {Lease})")]
    private partial void LogLeaderSeen(string lease, string holder, string since);

    [LoggerMessage(231, LogLevel.Information, "Leading as {Identity} (lease {Lease})")]
    private partial void LogLeadershipAcquired(string lease, string identity);

    [LoggerMessage(232, LogLevel.Error, "Leading no more, and ending: the lease {Lease} was lost: {Reason}")]
    private partial void LogLeadershipLost(string lease, string reason);

    [LoggerMessage(233, LogLevel.Warning, "A request about the lease {Lease} failed and is tried again: {Error}{Remedy}")]
    private partial void LogLeaseFailed(string lease, string error, string remedy);

    [LoggerMessage(220, LogLevel.Warning, "The event {Reason} of {Kind} {Key} was not written: {Cause}")]
    private partial void LogEventDropped(string kind, NamespacedName key, string reason, string cause);
}
