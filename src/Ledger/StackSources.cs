using Npgsql;

namespace Slipway.Ledger;

/// <summary>What stacks' own sources ask for. Written under the lock of the stack's row, for newer generations only.</summary>
internal sealed class StackSources(NpgsqlDataSource dataSource)
{
    public const string ByStack =
        "SELECT generation, made, landed, source_hash, template_hash, deployment, spec::text FROM slipway.stack_sources WHERE stack_id = $1";

    public const string ByStackUid = """
        SELECT generation, made, landed, source_hash, template_hash, deployment, spec::text
        FROM slipway.stack_sources WHERE stack_id = (SELECT id FROM slipway.stacks WHERE uid = $1)
        """;

    private const string Write = """
        INSERT INTO slipway.stack_sources (stack_id, generation, made, landed, source_hash, template_hash, deployment, spec)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8::json)
        ON CONFLICT (stack_id) DO UPDATE SET
            generation = excluded.generation, made = excluded.made, landed = excluded.landed, source_hash = excluded.source_hash,
            template_hash = excluded.template_hash, deployment = excluded.deployment, spec = excluded.spec
        WHERE stack_sources.generation < excluded.generation
        """;

    public const string MarkMade = """
        UPDATE slipway.stack_sources SET made = true
        WHERE stack_id = (SELECT id FROM slipway.stacks WHERE uid = $1) AND deployment = $2 AND NOT made
        """;

    public const string Land = "UPDATE slipway.stack_sources SET landed = true WHERE stack_id = $1 AND deployment = $2 AND NOT landed";

    /// <summary>The release is becoming active: if the stack's own source made it, that source has landed.</summary>
    public static Task LandAsync(LedgerTransaction transaction, StackRow stack, ReleaseRow release, CancellationToken cancellationToken) =>
        transaction.Command(Land).With(stack.Id).With(release.Name).RunAsync(cancellationToken);

    /// <summary>Writes a decision, unless one of the same or a newer generation is there. The stack's row must be locked.</summary>
    public static Task WriteAsync(LedgerTransaction transaction, StackRow stack, StackSourceRow decision, CancellationToken cancellationToken) =>
        transaction.Command(Write)
            .With(stack.Id).With(decision.Generation).With(decision.Made).With(decision.Landed)
            .With(decision.SourceHash).With(decision.TemplateHash).With(decision.Deployment).With(decision.Spec)
            .RunAsync(cancellationToken);

    public async Task<StackSourceRow?> DecideAsync(Guid stackUid, SourceAsk ask, CancellationToken cancellationToken)
    {
        var known = await dataSource.CreateCommand(ByStackUid).With(stackUid).FirstAsync(Read, cancellationToken);
        if (IsSettled(known, ask))
        {
            return known;
        }

        await using var transaction = await LedgerTransaction.BeginAsync(dataSource, cancellationToken);
        var stack = await StackQueries.LockAsync(transaction, stackUid, StackLock.Exclusive, cancellationToken);
        if (stack is not { Lifecycle: StackLifecycle.Live })
        {
            return null;
        }

        known = await transaction.Command(ByStack).With(stack.Id).FirstAsync(Read, cancellationToken);
        if (IsSettled(known, ask))
        {
            return known;
        }

        var decision = Decide(known, ask);
        await WriteAsync(transaction, stack, decision, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return decision;
    }

    public Task MarkMadeAsync(Guid stackUid, string deployment, CancellationToken cancellationToken) =>
        dataSource.CreateCommand(MarkMade).With(stackUid).With(deployment).RunAsync(cancellationToken);

    public static StackSourceRow Read(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetBoolean(1), reader.GetBoolean(2), reader.GetString(3), reader.GetString(4), reader.MaybeText(5), reader.MaybeText(6));

    /// <summary>The generation, or a newer one, was looked at before; or there is no source and never was one.</summary>
    private static bool IsSettled(StackSourceRow? known, SourceAsk ask) =>
        known is null ? ask.SourceHash.Length == 0 : known.Generation >= ask.Generation;

    internal static StackSourceRow Decide(StackSourceRow? known, SourceAsk ask)
    {
        if (ask.SourceHash.Length == 0)
        {
            return new StackSourceRow(ask.Generation, Made: true, Landed: false, "", ask.TemplateHash, null, null);
        }

        if (known is null || known.SourceHash != ask.SourceHash)
        {
            return new StackSourceRow(ask.Generation, Made: false, Landed: false, ask.SourceHash, ask.TemplateHash, ask.Deployment, ask.Spec);
        }

        return known.TemplateHash == ask.TemplateHash
            ? known with { Generation = ask.Generation }
            : known with
            {
                Generation = ask.Generation,
                Made = false,
                TemplateHash = ask.TemplateHash,
                Deployment = ask.Deployment,
                Spec = known.Landed ? ask.CurrentSpec : ask.Spec,
            };
    }
}
