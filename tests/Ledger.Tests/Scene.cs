using System.Collections.Concurrent;
using Npgsql;
using Slipway.Retry;
using Slipway.Testing;

namespace Slipway.Ledger.Tests;

/// <summary>One stack of a test's own, with a ledger to write to and a clock to advance.</summary>
internal sealed class Scene
{
    private readonly NpgsqlDataSource _dataSource;

    private Scene(NpgsqlDataSource dataSource, FakeClock clock, ReleaseLedger ledger, StackRow stack) =>
        (_dataSource, Clock, Ledger, Stack) = (dataSource, clock, ledger, stack);

    public static ResolvedImage Image { get; } = new("registry/app@sha256:1", "sha256:1", ["sha256:1", "sha256:2"], Pinned: true);

    public FakeClock Clock { get; }

    public ReleaseLedger Ledger { get; }

    public StackRow Stack { get; }

    public static async Task<Scene> CreateAsync(
        LedgerDatabase database, ConcurrencyPolicy policy = ConcurrencyPolicy.Queue, NpgsqlDataSource? dataSource = null, FakeClock? clock = null)
    {
        clock ??= new FakeClock(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero));
        dataSource ??= database.DataSource;
        var ledger = LedgerOf(dataSource, clock);
        var stack = await ledger.RegisterStackAsync(Registration($"shop-{Guid.NewGuid():N}", policy), default);
        return new Scene(dataSource, clock, ledger, stack);
    }

    public static ReleaseLedger LedgerOf(
        NpgsqlDataSource dataSource, TimeProvider clock, int retries = 5, ConcurrentQueue<Collision>? collisions = null) =>
        new(dataSource, clock, new ConflictRetry(
            new ConflictRetryOptions { MaxRetries = retries }, TimeProvider.System, new Random(42), collision => collisions?.Enqueue(collision)));

    public static StackRegistration Registration(string name, ConcurrencyPolicy policy = ConcurrencyPolicy.Queue, long generation = 1) =>
        new(Guid.NewGuid(), "team", name, generation, policy);

    /// <summary>Another ledger on the same database and stack.</summary>
    public Scene With(ReleaseLedger ledger) => new(_dataSource, Clock, ledger, Stack);

    public AdmissionRequest Request(string name = "release") => new()
    {
        Uid = Guid.NewGuid(),
        Namespace = "team",
        Name = $"{Stack.Name}-{name}",
        StackUid = Stack.Uid,
        SpecHash = "hash",
        RerunToken = "",
        AskedAt = Clock.GetUtcNow(),
        Image = "registry/app",
        Template = """{ "containers": [ 1.0 ] }""",
        RequestedBy = "ada",
        ResolveDeadline = TimeSpan.FromMinutes(5),
    };

    public Refusal Refusal(AdmissionRequest request) => new()
    {
        Uid = request.Uid,
        Namespace = request.Namespace,
        Name = request.Name,
        StackUid = request.StackUid,
        StackName = Stack.Name,
        SpecHash = request.SpecHash,
        RerunToken = request.RerunToken,
        Phase = ReleasePhase.Cancelled,
        Reason = "CancelRequested",
        Message = "Cancelled while it waited.",
        RequestedBy = request.RequestedBy,
    };

    public Task<AdmissionOutcome> AdmitAsync(AdmissionRequest request) =>
        Ledger.AdmitAsync(request, version => $"registry/app:{version}", default);

    public async Task<ReleaseRow> PendingAsync(string name = "release")
    {
        var outcome = await AdmitAsync(Request(name));
        return outcome.Kind == AdmissionKind.Admitted ? outcome.Release! : throw new InvalidOperationException($"Not admitted: {outcome}");
    }

    public async Task<ReleaseRow> ActivatingAsync(string name = "release")
    {
        var outcome = await Ledger.TakeSlotAsync((await PendingAsync(name)).Uid, Image, default);
        return outcome.Kind == SlotKind.Taken ? outcome.Release : throw new InvalidOperationException($"Not taken: {outcome}");
    }

    public async Task<ReleaseRow> ActiveAsync(string name = "release")
    {
        var outcome = await ActivateAsync((await ActivatingAsync(name)).Uid);
        return outcome.Moved ? outcome.Row : throw new InvalidOperationException($"Not moved: {outcome}");
    }

    public Task<MoveOutcome> ActivateAsync(Guid uid) =>
        Ledger.ActivateAsync(uid, Image.Reference, Image.Digest, "Available", "All replicas are available.", default);

    public async Task<ReleaseRow> FindAsync(Guid uid) => (await Ledger.FindReleaseAsync(uid, default))!;

    public async Task<StackState> ReadAsync(int newest = 10) => (await Ledger.ReadStackAsync(Stack.Uid, newest, default))!;

    /// <summary>A statement beside the ledger, with the stack's id as $1.</summary>
    public async Task RunAsync(string sql) => await _dataSource.CreateCommand(sql).With(Stack.Id).RunAsync(default);
}
