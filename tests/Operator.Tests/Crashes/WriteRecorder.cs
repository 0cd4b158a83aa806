using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;
using Slipway.Operator.Tests.Integration;
using Slipway.Testing.Proxies;

namespace Slipway.Operator.Tests.Crashes;

/// <summary>
/// Sees every write of the operator, on both its ways out, between its being stored and the operator's hearing of it. In a run it ends
/// the process at the first write that no run before was ended at; so run after run meets another one, also one that only happens now
/// and then, until a run passes in which there is none left.
/// </summary>
/// <param name="ledger">The operator's way to the ledger.</param>
/// <param name="kill">Ends the operator, and returns when it is gone.</param>
public sealed partial class WriteRecorder(PostgresProxy ledger, Func<Task> kill)
{
    private const string Root = "/namespaces/";
    private const string Teams = "/apis/slipway.dev/v1alpha1/teams/";
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, int> _accepted = new();
    private readonly HashSet<CrashPoint> _met = [];
    private readonly List<CrashPoint> _points = [];
    private TaskCompletionSource<CrashPoint> _killed = new();
    private string? _namespace;
    private int _commits;
    private bool _kills;
    private volatile bool _dead;

    /// <summary>The transactions of all time that wrote something.</summary>
    public int Commits => Volatile.Read(ref _commits);

    /// <summary>Completes when the process is gone, with what it was ended at; never in a run that passes undisturbed.</summary>
    public Task<CrashPoint> Killed => _killed.Task;

    /// <summary>Whether the process of this run was ended, or is about to be.</summary>
    public bool Kills => _dead;

    /// <summary>The writes of this run, in the order in which they were seen.</summary>
    public IReadOnlyList<CrashPoint> Points
    {
        get
        {
            lock (_gate)
            {
                return [.. _points];
            }
        }
    }

    /// <summary>How many writes in that namespace the API server has accepted.</summary>
    public int Accepted(string @namespace) => _accepted.GetValueOrDefault(@namespace);

    /// <summary>Forgets where former runs were ended: another story begins.</summary>
    public void NewStory() => _met.Clear();

    /// <summary>A run begins: from now on the writes in that namespace, and all to the ledger, are its writes.</summary>
    public void Begin(string @namespace)
    {
        lock (_gate)
        {
            _namespace = @namespace;
            _points.Clear();
            _kills = true;
            _killed = new TaskCompletionSource<CrashPoint>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>The run is over; what is written now belongs to none.</summary>
    public void End()
    {
        lock (_gate)
        {
            _namespace = null;
            _kills = false;
        }
    }

    /// <summary>The dead process's words have ended; those of the next one pass.</summary>
    public void Revive()
    {
        _dead = false;
        ledger.Thaw();
    }

    /// <summary>A transaction was committed.</summary>
    /// <returns>Whether the operator hears of it.</returns>
    public Task<bool> CommittedAsync(string commands)
    {
        Interlocked.Increment(ref _commits);
        return WrittenAsync($"ledger {commands}", _namespace);
    }

    /// <summary>What becomes of a request to the API server.</summary>
    public async Task HandleAsync(ProxiedExchange exchange)
    {
        if (_dead)
        {
            exchange.Drop();
            return;
        }

        if (!exchange.Request.IsWrite || Place(exchange.Request) is not { } place || place.Path.StartsWith("events", StringComparison.Ordinal))
        {
            await exchange.ForwardAsync();
            return;
        }

        await exchange.ForwardAsync(async status =>
        {
            if (status is < HttpStatusCode.OK or >= HttpStatusCode.MultipleChoices)
            {
                return true;
            }

            _accepted.AddOrUpdate(place.Namespace, 1, (_, count) => count + 1);
            return await WrittenAsync($"{exchange.Request.Method} {place.Group} {Nameless(place.Path)}", place.Namespace);
        });
    }

    private async Task<bool> WrittenAsync(string write, string? @namespace)
    {
        CrashPoint point;
        lock (_gate)
        {
            if (@namespace is null || @namespace != _namespace)
            {
                return !_dead;
            }

            point = new CrashPoint(write, _points.Count(other => other.Write == write) + 1);
            _points.Add(point);
            if (!_kills || _dead || !_met.Add(point))
            {
                return !_dead;
            }

            // From here on nothing that it says is heard, so nothing is written that a dead process could not have written.
            _kills = false;
            _dead = true;
            ledger.Freeze();
        }

        await kill();
        _killed.SetResult(point);
        return false;
    }

    /// <summary>
    /// The same in every run: the name of a Job ends in digits that stand for the UID of its release, and that of a Secret with variables
    /// has the UID of its stack.
    /// </summary>
    private static string Nameless(string path) => SecretUid().Replace(JobDigits().Replace(path, ""), "");

    [GeneratedRegex("(?<=^jobs/.+)-[0-9a-f]{8}$", RegexOptions.CultureInvariant)]
    private static partial Regex JobDigits();

    [GeneratedRegex("(?<=^secrets/slipway-env)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", RegexOptions.CultureInvariant)]
    private static partial Regex SecretUid();

    /// <summary>The group, the namespace and the rest of a path; null outside of namespaces. A team counts as in that of its scene.</summary>
    private static (string Group, string Namespace, string Path)? Place(ProxiedRequest request)
    {
        if (request.Path.StartsWith(Teams, StringComparison.Ordinal))
        {
            var team = request.Path[Teams.Length..];
            return TeamScene.NamespaceOf(team) is { } scene ? ("slipway.dev", scene, $"teams{team[scene.Length..]}") : null;
        }

        var at = request.Path.IndexOf(Root, StringComparison.Ordinal);
        var parts = at < 0 ? [] : request.Path[(at + Root.Length)..].Split('/', 2);
        return parts.Length < 2 ? null : (request.Path[..at].Trim('/').Split('/') is ["apis", var group, _] ? group : "core", parts[0], parts[1]);
    }
}
