using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.Ledger.Tests.Directory;

/// <summary>Whoever watches the ledger would see what the database does not let happen.</summary>
public sealed class DirectoryInvariantTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    [Theory]
    [InlineData("owners of team $team: 0", "UPDATE slipway.team_members SET role = 'member' WHERE team_id = $team")]
    [InlineData(
        "owners of team $team: 2|another owner than its member of that role: team $team",
        "DROP INDEX slipway.team_members_one_owner; UPDATE slipway.team_members SET role = 'owner' WHERE team_id = $team")]
    [InlineData(
        "another owner than its member of that role: team $team",
        "UPDATE slipway.teams SET owner = 'ben' WHERE id = $team")]
    [InlineData("a team without a slug: $team", "DELETE FROM slipway.slugs WHERE team_id = $team")]
    [InlineData(
        "owners of team $team: 1|another owner than its member of that role: team $team|"
        + "a slug of what is deleted: team $name|bound to a deleted team: stack $stack",
        "UPDATE slipway.teams SET lifecycle = 'deleted', deleted_at = now(), owner = NULL WHERE id = $team")]
    [InlineData(
        "a slug of what is deleted: stack $name",
        "UPDATE slipway.stacks SET lifecycle = 'deleted', deleted_at = now() WHERE id = $stack")]
    public async Task What_must_not_be_would_be_seen(string violations, string sql)
    {
        var scene = TeamScene.Create(database);
        var (team, stack) = (await scene.CreateAsync(members: "ben"), await scene.RegisterStackAsync());
        await scene.AllocateAsync(stack);
        await scene.Ledger.BindStackAsync(stack.Uid, 1, team.Uid, default);
        string Fill(string text) => text.Replace("$team", $"{team.Id}").Replace("$stack", $"{stack.Id}").Replace("$name", scene.Name);
        await using var rival = await Rival.BeginAsync(database);
        (await rival.ListAsync(LedgerInvariants.Violations)).ShouldBeEmpty();

        // Without triggers and foreign keys, and never committed.
        await rival.RunAsync("SET LOCAL session_replication_role = 'replica'");
        await rival.RunAsync(Fill(sql));

        (await rival.ListAsync(LedgerInvariants.Violations)).ShouldBe(Fill(violations).Split('|'), ignoreOrder: true);
    }
}
