using Npgsql;
using Shouldly;
using Slipway.Ledger.Slugs;
using Xunit;

namespace Slipway.Ledger.Tests.Directory;

/// <summary>What the database itself refuses, at the statement or at the commit, whoever asks.</summary>
public sealed class DirectoryConstraintTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    /// <summary>
    /// $team is a team of Ada's with the member Ben and a stack, $stack; $free is another stack, and $used one that has a slug; $ended and
    /// $gone are a team and a stack that are deleted.
    /// </summary>
    [Theory]
    [InlineData("two owners", "23505 team_members_one_owner", "UPDATE slipway.team_members SET role = 'owner' WHERE team_id = $team")]
    [InlineData(
        "another owner", "23505 team_members_one_owner",
        "INSERT INTO slipway.team_members (team_id, role, subject) VALUES ($team, 'owner', 'cyd')")]
    [InlineData(
        "a member twice", "23505 team_members_pkey",
        "INSERT INTO slipway.team_members (team_id, role, subject) VALUES ($team, 'member', 'ben')")]
    [InlineData(
        "an owner who is also a member", "23505 team_members_pkey",
        "INSERT INTO slipway.team_members (team_id, role, subject) VALUES ($team, 'member', 'ada')")]
    [InlineData(
        "no owner any more", "23503 teams_owner_is_member",
        "DELETE FROM slipway.team_members WHERE team_id = $team AND role = 'owner'")]
    [InlineData("no members any more", "23503 teams_owner_is_member", "DELETE FROM slipway.team_members WHERE team_id = $team")]
    [InlineData(
        "an owner who steps down", "23503 teams_owner_is_member",
        "UPDATE slipway.team_members SET role = 'member' WHERE team_id = $team")]
    [InlineData(
        "an owner under another name", "23503 teams_owner_is_member",
        "UPDATE slipway.team_members SET subject = 'eve' WHERE team_id = $team AND role = 'owner'")]
    [InlineData("another name of the owner", "23503 teams_owner_is_member", "UPDATE slipway.teams SET owner = 'ben' WHERE id = $team")]
    [InlineData("an owner who is no member", "23503 teams_owner_is_member", "UPDATE slipway.teams SET owner = 'eve' WHERE id = $team")]
    [InlineData("nobody's name", "23514 teams_owned", "UPDATE slipway.teams SET owner = NULL WHERE id = $team")]
    [InlineData("an owner in another role", "428C9 ", "UPDATE slipway.teams SET owner_role = 'member' WHERE id = $team")]
    [InlineData(
        "a team without members", "23503 teams_owner_is_member",
        "INSERT INTO slipway.teams (uid, name, generation, owner, created_at) "
        + "VALUES (gen_random_uuid(), gen_random_uuid(), 1, 'ada', now())")]
    [InlineData(
        "a team without an owner", "23514 teams_owned",
        "INSERT INTO slipway.teams (uid, name, generation, created_at) VALUES (gen_random_uuid(), gen_random_uuid(), 1, now())")]
    [InlineData(
        "a name twice", "23505 teams_name_unique",
        "INSERT INTO slipway.teams (uid, name, generation, owner, created_at) "
        + "SELECT gen_random_uuid(), name, 1, 'ada', now() FROM slipway.teams WHERE id = $team")]
    [InlineData(
        "a UID twice", "23505 teams_uid_unique",
        "UPDATE slipway.teams SET uid = (SELECT uid FROM slipway.teams WHERE id = $ended) WHERE id = $team")]
    [InlineData(
        "members of nothing", "23503 team_members_team_id_fkey",
        "INSERT INTO slipway.team_members (team_id, role, subject) VALUES (0, 'member', 'ada')")]
    [InlineData("a row that goes", "23503 ", "DELETE FROM slipway.teams WHERE id = $team")]
    [InlineData(
        "an end that keeps the owner", "23514 teams_owned",
        "UPDATE slipway.teams SET lifecycle = 'deleted', deleted_at = now() WHERE id = $team")]
    [InlineData(
        "an end without a time", "23514 teams_deleted_at",
        "UPDATE slipway.teams SET lifecycle = 'deleted', owner = NULL WHERE id = $team")]
    [InlineData(
        "an end while it is used", "SL004 ",
        "UPDATE slipway.teams SET lifecycle = 'deleted', deleted_at = now(), owner = NULL WHERE id = $team")]
    [InlineData("a stack of a deleted team", "SL003 ", "UPDATE slipway.stacks SET team_id = $ended WHERE id = $free")]
    [InlineData(
        "a new stack of a deleted team", "SL003 ",
        "INSERT INTO slipway.stacks (uid, namespace, name, generation, concurrency, created_at, team_id) "
        + "VALUES (gen_random_uuid(), 'team', gen_random_uuid(), 1, 'queue', now(), $ended)")]
    [InlineData("a stack of no team", "SL003 ", "UPDATE slipway.stacks SET team_id = 0 WHERE id = $free")]
    [InlineData(
        "a slug twice", "23505 slugs_unique",
        "INSERT INTO slipway.slugs (kind, slug, base, at, stack_id) SELECT kind, slug, base, now(), $free "
        + "FROM slipway.slugs WHERE stack_id = $stack")]
    [InlineData("a slug that becomes another's", "23505 slugs_unique", "UPDATE slipway.slugs SET slug = $name WHERE stack_id = $used")]
    [InlineData(
        "two slugs of a stack", "23505 slugs_of_stack",
        "INSERT INTO slipway.slugs (kind, slug, base, at, stack_id) VALUES ('stack', 'second', 'second', now(), $stack)")]
    [InlineData(
        "two slugs of a team", "23505 slugs_of_team",
        "INSERT INTO slipway.slugs (kind, slug, base, at, team_id) VALUES ('team', 'second', 'second', now(), $team)")]
    [InlineData(
        "a slug of nothing", "23514 slugs_one_owner",
        "INSERT INTO slipway.slugs (kind, slug, base, at) VALUES ('stack', 'nobodys', 'nobodys', now())")]
    [InlineData(
        "a slug of both", "23514 slugs_one_owner",
        "INSERT INTO slipway.slugs (kind, slug, base, at, stack_id, team_id) "
        + "VALUES ('stack', 'both', 'both', now(), $free, $team)")]
    [InlineData(
        "a slug of the other kind", "23514 slugs_one_owner",
        "INSERT INTO slipway.slugs (kind, slug, base, at, stack_id) VALUES ('team', 'other', 'other', now(), $free)")]
    [InlineData(
        "a slug of a deleted stack", "SL003 ",
        "INSERT INTO slipway.slugs (kind, slug, base, at, stack_id) VALUES ('stack', 'gone', 'gone', now(), $gone)")]
    [InlineData(
        "a slug of a deleted team", "SL003 ",
        "INSERT INTO slipway.slugs (kind, slug, base, at, team_id) VALUES ('team', 'gone', 'gone', now(), $ended)")]
    [InlineData("a slug that goes to a deleted stack", "SL003 ", "UPDATE slipway.slugs SET stack_id = $gone WHERE stack_id = $stack")]
    public async Task What_must_not_be_is_refused(string what, string error, string sql)
    {
        var (scene, words) = await SetAsync();
        var before = await scene.DumpAsync();

        var refusal = await Should.ThrowAsync<PostgresException>(() => scene.RunAsync(Fill(sql, words)), what);

        $"{refusal.SqlState} {refusal.ConstraintName}".ShouldStartWith(error);
        (await scene.DumpAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("-")]
    [InlineData("A")]
    [InlineData("a.b")]
    [InlineData("a_b")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("é")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_badly_formed_slug_is_refused(string slug)
    {
        var (scene, words) = await SetAsync();

        var refusal = await Should.ThrowAsync<PostgresException>(() => scene.RunAsync(Fill(
            $"INSERT INTO slipway.slugs (kind, slug, base, at, stack_id) VALUES ('stack', '{slug}', '', now(), $free)", words)));

        refusal.ConstraintName.ShouldBe("slugs_form");
        SlugText.IsSlug(slug).ShouldBeFalse();
    }

    /// <summary>One transaction may pass through what no transaction may leave behind.</summary>
    [Fact]
    public async Task A_transfer_is_possible_within_one_transaction_and_not_in_two()
    {
        var (scene, words) = await SetAsync();
        var demote = Fill("UPDATE slipway.team_members SET role = 'member' WHERE team_id = $team", words);
        var promote = Fill(
            """
            UPDATE slipway.team_members SET role = 'owner' WHERE team_id = $team AND subject = 'ben';
            UPDATE slipway.teams SET owner = 'ben' WHERE id = $team
            """,
            words);

        await Should.ThrowAsync<PostgresException>(() => scene.RunAsync(demote));
        await Should.ThrowAsync<PostgresException>(() => scene.RunAsync(promote));
        await using var rival = await Rival.BeginAsync(database);
        await rival.RunAsync(demote);
        await rival.RunAsync(promote);
        await rival.CommitAsync();

        (await scene.ListAsync(Fill("SELECT owner FROM slipway.teams WHERE id = $team", words), command => command)).ShouldBe(["ben"]);
        (await scene.ViolationsAsync()).ShouldBeEmpty();
    }

    private static string Fill(string sql, Dictionary<string, string> words) =>
        words.Aggregate(sql, (filled, word) => filled.Replace($"${word.Key}", word.Value, StringComparison.Ordinal));

    private async Task<(TeamScene Scene, Dictionary<string, string> Words)> SetAsync()
    {
        var scene = TeamScene.Create(database);
        var (team, ended) = (await scene.CreateAsync("team", "ben"), await scene.CreateAsync("ended"));
        await scene.EndAsync(ended);
        var stacks = await Task.WhenAll(new[] { "stack", "free", "used", "gone" }.Select(name => scene.RegisterStackAsync(name)));
        await scene.AllocateAsync(stacks[0]);
        await scene.AllocateAsync(stacks[2]);
        await scene.Ledger.BindStackAsync(stacks[0].Uid, 1, team.Uid, default);
        await scene.Releases.FinishTeardownAsync(stacks[3].Uid, default);
        return (scene, new Dictionary<string, string>
        {
            ["team"] = $"{team.Id}",
            ["ended"] = $"{ended.Id}",
            ["stack"] = $"{stacks[0].Id}",
            ["free"] = $"{stacks[1].Id}",
            ["used"] = $"{stacks[2].Id}",
            ["gone"] = $"{stacks[3].Id}",
            ["name"] = $"'{scene.Name}'",
        });
    }
}
