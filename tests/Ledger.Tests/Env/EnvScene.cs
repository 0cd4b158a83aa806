using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Slipway.Ledger.Env;

namespace Slipway.Ledger.Tests.Env;

/// <summary>One stack of a test's own, with the ledger of its variables.</summary>
internal sealed class EnvScene
{
    /// <summary>What is noted of a patch that was deleted before it was merged.</summary>
    public static readonly EnvProblem Deleted = new("ObjectDeleted", "the object was deleted before it was merged");

    private readonly NpgsqlDataSource _dataSource;

    private EnvScene(NpgsqlDataSource dataSource, Scene releases, EnvLedger env) => (_dataSource, Releases, Env) = (dataSource, releases, env);

    /// <summary>The same in every test: those of one database share the key of its identities.</summary>
    public static EnvKeyRing Keys { get; } = KeysOf("first");

    /// <summary>The stack, and its releases.</summary>
    public Scene Releases { get; }

    public EnvLedger Env { get; }

    public StackRow Stack => Releases.Stack;

    public static async Task<EnvScene> CreateAsync(
        LedgerDatabase database, ConcurrencyPolicy policy = ConcurrencyPolicy.Queue, NpgsqlDataSource? dataSource = null)
    {
        var releases = await Scene.CreateAsync(database, policy);
        dataSource ??= database.DataSource;
        return new EnvScene(dataSource, releases, new EnvLedger(dataSource, releases.Clock, () => Keys));
    }

    /// <summary>Another ledger on the same stack.</summary>
    public EnvScene With(EnvLedger env) => new(_dataSource, Releases, env);

    /// <summary>Keys of these ids, the first of which encrypts; the same id has always the same key.</summary>
    public static EnvKeyRing KeysOf(params IReadOnlyList<string> ids) => EnvKeyRing.Parse(TextOf(ids));

    public static string TextOf(params IReadOnlyList<string> ids) =>
        string.Concat(ids.Select(id => $"{id}:{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(id)))}\n"));

    /// <summary>A new object that asks for this; see <see cref="Change"/>.</summary>
    public EnvPatchRequest Patch(string name, params IReadOnlyList<string> words) => new()
    {
        Uid = Guid.NewGuid(),
        Namespace = "team",
        Name = $"{Stack.Name}-{name}",
        StackUid = Stack.Uid,
        Spec = string.Join(' ', words),
        RerunToken = "",
        Change = Change.Of(words),
        Release = true,
    };

    public Task<EnvOutcome> ApplyAsync(EnvPatchRequest request) => Env.ApplyAsync(request, default);

    /// <summary>Merges a new patch; what became of it.</summary>
    public async Task<EnvPatchRow> ApplyAsync(string name, params IReadOnlyList<string> words)
    {
        var outcome = await ApplyAsync(Patch(name, words));
        return outcome.Patch ?? throw new InvalidOperationException($"Not decided: {outcome.Kind}");
    }

    public Task<BaselineOutcome> FollowAsync(long generation, params IReadOnlyList<string> words) =>
        Env.FollowBaselineAsync(Stack.Uid, generation, Change.Variables(words), null, default);

    public async Task<StackRow> FindStackAsync() => (await Releases.ReadAsync(0)).Stack;

    /// <summary>The newest variables; empty while there is no revision.</summary>
    public async Task<string> ShowAsync() =>
        await FindStackAsync() is { EnvRevision: { } newest } stack ? Change.Show(await Env.ReadValuesAsync(stack, newest, default)) : "";

    /// <summary>Every revision, the first one first.</summary>
    public Task<List<RevisionRecord>> ReadRevisionsAsync() => _dataSource.CreateCommand(RevisionRecord.Select).With(Stack.Id)
        .ListAsync(RevisionRecord.Read, default);

    /// <summary>How many outcomes of patches were recorded.</summary>
    public async Task<long> CountPatchesAsync() => (await _dataSource.CreateCommand("SELECT count(*) FROM slipway.env_patches WHERE stack_id = $1")
        .With(Stack.Id).ListAsync(row => row.GetInt64(0), default)).Single();

    /// <summary>The stack's row and its revisions, down to the versions of the rows.</summary>
    public Task<List<string>> DumpAsync() => _dataSource.CreateCommand("""
        SELECT s.ctid::text || s.xmin::text || s::text FROM slipway.stacks s WHERE id = $1
        UNION ALL SELECT e.ctid::text || e.xmin::text || e::text FROM slipway.env_revisions e WHERE stack_id = $1
        ORDER BY 1
        """).With(Stack.Id).ListAsync(row => row.GetString(0), default);
}
