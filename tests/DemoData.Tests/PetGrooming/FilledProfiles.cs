using Slipway.DemoData.PetGrooming;
using Xunit;

namespace Slipway.DemoData.Tests.PetGrooming;

/// <summary>A database for each profile, filled once for the tests that only read it.</summary>
public sealed class FilledProfiles : IAsyncLifetime
{
    private readonly Dictionary<DemoProfile, GroomingDatabase> _databases = [];

    internal GroomingDatabase Of(DemoProfile profile) => _databases[profile];

    public async Task InitializeAsync()
    {
        foreach (var profile in Enum.GetValues<DemoProfile>())
        {
            _databases[profile] = await GroomingDatabase.FilledAsync(profile);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var database in _databases.Values)
        {
            await database.DisposeAsync();
        }
    }
}

/// <summary>Tests that read the filled profiles.</summary>
[CollectionDefinition(Name)]
public sealed class ReadingProfiles : ICollectionFixture<FilledProfiles>
{
    public const string Name = "Filled profiles";
}
