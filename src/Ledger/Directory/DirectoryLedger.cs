using Npgsql;
using Slipway.Ledger.Slugs;
using Slipway.Retry;

namespace Slipway.Ledger.Directory;

/// <summary>
/// Who is who: the teams, their members, which stack is whose, and the slugs of teams and stacks.
/// <para><b>Guarantees.</b> As for <see cref="ReleaseLedger"/>: killed at any point, a call has happened or it has not, and each can be
/// repeated by anybody. The database holds that a live team has exactly one owner, that a slug is nobody else's, that what is deleted
/// holds none, and that a stack is never bound to a deleted team.</para>
/// <para><b>Errors.</b> As there; and <see cref="SlugCollisionException"/> when every attempt at a slug was lost to another object.</para>
/// </summary>
public sealed class DirectoryLedger
{
    private readonly Teams _teams;
    private readonly StackDirectory _stacks;

    public DirectoryLedger(NpgsqlDataSource dataSource, TimeProvider time, ConflictRetry retry)
    {
        var slugs = new SlugAllocator(retry);
        _teams = new Teams(dataSource, time, slugs);
        _stacks = new StackDirectory(dataSource, time, slugs);
    }

    /// <summary>
    /// Creates a team with its owner, its members and its slug, or takes over what a newer generation of it says; the slug stays. A live row
    /// of the same name belongs to an object that is gone: this is the same team, restored under a new UID, and gets the row. A UID that
    /// was deleted stays so. Costs one plain read when nothing is new.
    /// </summary>
    /// <param name="registration">The team.</param>
    /// <param name="exists">
    /// Whether the very object is there by the word of the API server and no cache; asked only when another row has the name, and then
    /// while nobody else can register it. If it is not, it is registered as deleted.
    /// </param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="SlugCollisionException">Every attempt lost its slug to another team; nothing was written.</exception>
    public Task<TeamOutcome> RegisterTeamAsync(
        TeamRegistration registration, Func<CancellationToken, Task<bool>> exists, CancellationToken cancellationToken) =>
        _teams.RegisterAsync(registration, exists, cancellationToken);

    /// <summary>Deletes a team, also one that was never created, and frees its slug; not while stacks are bound to it.</summary>
    public Task<TeamEnd> EndTeamAsync(Guid uid, string name, CancellationToken cancellationToken) => _teams.EndAsync(uid, name, cancellationToken);

    /// <summary>The first few stacks that are bound to a team, as <c>namespace/name</c>: the same for everybody who asks.</summary>
    public Task<IReadOnlyList<string>> ListStacksOfTeamAsync(Guid uid, CancellationToken cancellationToken) =>
        _teams.ListStacksAsync(uid, cancellationToken);

    /// <summary>Every team of a cluster that is not deleted, oldest first: for a sweeper that looks for objects that are gone.</summary>
    public Task<IReadOnlyList<TeamRow>> ListTeamsAsync(Guid cluster, CancellationToken cancellationToken) => _teams.ListAsync(cluster, cancellationToken);

    /// <summary>What is known of a stack; null when it is not registered.</summary>
    public Task<StackEntry?> FindStackAsync(Guid stackUid, CancellationToken cancellationToken) => _stacks.FindAsync(stackUid, cancellationToken);

    /// <summary>
    /// Gives a live stack its slug. No lock on the stack is held while the slug is waited for, so that its releases go on; whoever has to
    /// wait longer than 3 s fails with an error that <see cref="LedgerFaults.IsUnavailable"/> knows.
    /// </summary>
    /// <returns>What is known of the stack then, without a slug when all are taken; null when it is not registered.</returns>
    /// <exception cref="SlugCollisionException">Every attempt lost its slug to another stack.</exception>
    public Task<StackEntry?> AllocateStackSlugAsync(Guid stackUid, SlugAsk ask, CancellationToken cancellationToken) =>
        _stacks.AllocateAsync(stackUid, ask, cancellationToken);

    /// <summary>Binds a live stack to a team, or frees it from every one. A team that stacks are bound to does not end. Any other outcome than Bound changes nothing.</summary>
    /// <param name="stackUid">The stack, which has been registered.</param>
    /// <param name="generation">The generation of its object that says so: an older one than was registered changes nothing.</param>
    /// <param name="teamUid">The Team object; null for none.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public Task<BindOutcome> BindStackAsync(Guid stackUid, long generation, Guid? teamUid, CancellationToken cancellationToken) =>
        _stacks.BindAsync(stackUid, generation, teamUid, cancellationToken);
}
