namespace Slipway.Ledger;

/// <summary>A migration that was applied says something else now, so nobody knows what the database holds.</summary>
public sealed class MigrationChangedException(int version, string name)
    : Exception(
        $"Migration {version:0000}_{name} was applied to the ledger with other contents than this program carries. "
        + "Migrations are forward only: put the old text back and add a new migration, or run the slipway that applied it.")
{
    public int Version { get; } = version;

    public string Name { get; } = name;
}
