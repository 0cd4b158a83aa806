using Slipway.DemoData.Tests.Chain;

namespace Slipway.DemoData.Tests.Catalog;

/// <summary>A database with an owner who is no superuser, an application and a stranger. Roles belong to the whole server, so they are removed.</summary>
public abstract class RoleScene : ChainScene
{
    protected string Owner => $"owner_{Database.Name}";

    protected string App => $"app_{Database.Name}";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await RunAsync(
            $"CREATE ROLE {Owner} LOGIN PASSWORD '{Owner}'; CREATE ROLE {App} LOGIN PASSWORD '{App}'; ALTER DATABASE {Database.Name} OWNER TO {Owner}; GRANT USAGE ON SCHEMA public TO {App}");
    }

    public override async Task DisposeAsync()
    {
        var server = await Testing.PostgresServer.GetAsync();
        await base.DisposeAsync();
        await server.RunAsync($"DROP ROLE {Owner}, {App}");
    }
}
