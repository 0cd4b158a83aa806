namespace Slipway.Ledger.Tests;

/// <summary>Rows written past the ledger.</summary>
internal static class RawRelease
{
    public static string Insert(StackRow stack, ReleaseVersion version, Guid? uid = null, bool exclusive = false) => $"""
        INSERT INTO slipway.releases (uid, namespace, name, stack_id, stack_uid, stack_name, spec_hash, phase, version_day, version_number,
                                      image_reference, exclusive, source, build, created_at, changed_at, started_at)
        VALUES ('{uid ?? Guid.NewGuid()}', '{stack.Namespace}', 'raw-{Guid.NewGuid():N}', {stack.Id}, '{stack.Uid}', '{stack.Name}', 'raw',
                'pending', '{version.Day:yyyy-MM-dd}', {version.Number}, 'registry/app:{version}', {exclusive}, 'git', '[]', now(), now(), now())
        """;
}
