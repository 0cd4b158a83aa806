using Shouldly;
using Slipway.Crds.V1Alpha1.Teams;
using Slipway.Ledger.Directory;
using Slipway.Ledger.Slugs;
using Xunit;

namespace Slipway.Ledger.Tests.Directory;

public sealed class TeamTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    [Fact]
    public async Task A_team_is_there_with_its_owner_its_members_and_its_slug()
    {
        var scene = TeamScene.Create(database);
        var registration = scene.Team(members: ["cyd", "ben"]) with { Cluster = Guid.NewGuid() };

        var outcome = await scene.RegisterAsync(registration);

        var row = outcome.Row!;
        outcome.ShouldBe(new TeamOutcome(row));
        row.ShouldBe(new TeamRow(
            row.Id, registration.Uid, registration.Name, true, 1, scene.Name, "ada", scene.Name, scene.Name, registration.Cluster));
        (await scene.MembersAsync(row)).ShouldBe("ada* ben cyd");
        (await scene.ViolationsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_owner_may_be_listed_among_the_members()
    {
        var scene = TeamScene.Create(database);

        var team = await scene.CreateAsync(members: ["ben", "ada"]);

        (await scene.MembersAsync(team)).ShouldBe("ada* ben");
    }

    /// <summary>As many characters as the schema lets pass, each of four bytes, and in no order that could be compressed.</summary>
    [Fact]
    public async Task The_longest_subject_is_kept()
    {
        var scene = TeamScene.Create(database);
        var random = new Random(42);
        var longest = string.Concat(
            Enumerable.Range(0, TeamSpec.LongestSubject).Select(_ => char.ConvertFromUtf32(random.Next(0x20000, 0x2A000))));

        var team = await scene.CreateAsync(scene.Team(members: longest) with { Owner = longest });

        (await scene.MembersAsync(team)).ShouldBe($"{longest}*");
    }

    [Fact]
    public async Task Asked_again_it_says_the_same_and_writes_nothing()
    {
        var scene = TeamScene.Create(database);
        var registration = scene.Team(members: "ben") with { Cluster = Guid.NewGuid() };
        var first = await scene.RegisterAsync(registration);
        var before = await scene.DumpAsync();

        (await scene.RegisterAsync(registration)).ShouldBe(first);
        (await scene.RegisterAsync(registration with { Cluster = null })).ShouldBe(first);

        (await scene.DumpAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_newer_generation_is_followed_and_an_older_one_changes_nothing()
    {
        var scene = TeamScene.Create(database);
        var registration = scene.Team(members: ["ben", "cyd"]);
        var team = await scene.CreateAsync(registration);

        var newer = await scene.CreateAsync(registration with { Generation = 3, Members = ["cyd", "dan"] });
        var before = await scene.DumpAsync();
        var older = await scene.CreateAsync(registration with { Generation = 2, Members = [], Owner = "eve", DisplayName = "Other" });

        newer.ShouldBe(team with { Generation = 3 });
        (await scene.MembersAsync(team)).ShouldBe("ada* cyd dan");
        older.ShouldBe(newer);
        (await scene.DumpAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task An_older_generation_that_knows_the_cluster_changes_nothing_else()
    {
        var scene = TeamScene.Create(database);
        var registration = scene.Team(members: "ben") with { Generation = 3 };
        var team = await scene.CreateAsync(registration);
        var cluster = Guid.NewGuid();

        var outcome = await scene.RegisterAsync(
            registration with { Generation = 2, Cluster = cluster, Owner = "eve", Members = [], DisplayName = "Other" });

        outcome.ShouldBe(new TeamOutcome(team with { Cluster = cluster }));
        (await scene.MembersAsync(team)).ShouldBe("ada* ben");
        (await scene.CreateAsync(registration with { Generation = 4 })).Cluster.ShouldBe(cluster);
    }

    [Theory]
    [InlineData("ben* cyd", "cyd")]
    [InlineData("ada ben* cyd", "cyd", "ada")]
    [InlineData("ben*", "ben")]
    [InlineData("ben*")]
    public async Task A_transfer_tells_the_former_owner_once_who_stays_only_if_listed(string members, params string[] listed)
    {
        var scene = TeamScene.Create(database);
        var registration = scene.Team(members: "ben");
        var team = await scene.CreateAsync(registration);
        var transfer = registration with { Generation = 2, Owner = "ben", Members = listed };

        var outcome = await scene.RegisterAsync(transfer);
        var again = await scene.RegisterAsync(transfer);

        outcome.ShouldBe(new TeamOutcome(team with { Generation = 2, Owner = "ben" }, FormerOwner: "ada"));
        again.ShouldBe(outcome with { FormerOwner = null });
        (await scene.MembersAsync(team)).ShouldBe(members);
        (await scene.ViolationsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_edited_display_name_changes_no_slug_and_the_base_tells_what_that_was_made_of()
    {
        var scene = TeamScene.Create(database);
        var registration = scene.Team();
        var team = await scene.CreateAsync(registration);

        var edited = await scene.CreateAsync(registration with
        {
            Generation = 2,
            DisplayName = "Other",
            Slug = registration.Slug with { DisplayName = "Other" },
        });

        edited.ShouldBe(team with { Generation = 2, DisplayName = "Other" });
        (edited.Slug, edited.SlugBase).ShouldBe((scene.Name, scene.Name));
    }

    [Fact]
    public async Task A_remembered_slug_is_given_back_unless_somebody_else_has_it()
    {
        var scene = TeamScene.Create(database);
        var ask = scene.Ask(SlugKind.Team) with { Remembered = $"{scene.Name}-7" };

        var first = await scene.CreateAsync(scene.Team("first") with { Slug = ask });
        var second = await scene.CreateAsync(scene.Team("second") with { Slug = ask });
        var third = await scene.CreateAsync(scene.Team("third") with { Slug = ask with { Remembered = "No slug at all" } });

        (first.Slug, second.Slug, third.Slug).ShouldBe(($"{scene.Name}-7", scene.Name, $"{scene.Name}-1"));
        first.SlugBase.ShouldBe(scene.Name);
    }

    [Fact]
    public async Task A_stack_and_a_team_may_have_the_same_slug()
    {
        var scene = TeamScene.Create(database);

        (await scene.CreateAsync()).Slug.ShouldBe(scene.Name);
        (await scene.AllocateAsync(await scene.RegisterStackAsync()))!.Slug.ShouldBe(scene.Name);
    }

    [Fact]
    public async Task Teams_are_listed_by_the_cluster_they_were_last_registered_from()
    {
        var scene = TeamScene.Create(database);
        var (here, there) = (Guid.NewGuid(), Guid.NewGuid());
        var first = scene.Team("first") with { Cluster = here };
        var second = scene.Team("second");
        var third = scene.Team("third") with { Cluster = here };
        foreach (var registration in new[] { first, second, third, second with { Cluster = here }, first with { Cluster = there } })
        {
            await scene.CreateAsync(registration);
        }

        var listed = await scene.Ledger.ListTeamsAsync(here, default);
        await scene.EndAsync(listed[1]);

        listed.Select(team => team.Uid).ShouldBe([second.Uid, third.Uid]);
        (await scene.Ledger.ListTeamsAsync(here, default)).ShouldBe([listed[0]]);
    }
}
