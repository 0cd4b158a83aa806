using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Slipway.Ledger.Env;
using Xunit;

namespace Slipway.Ledger.Tests.Env;

/// <summary>Whatever is asked for at once comes to the same as asking for one after the other, in the order that the revisions tell.</summary>
public sealed class EnvSerialOrderTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    private const int Workers = 8;
    private const int PatchesOfWorker = 12;
    private const int BaselinesOfWorker = 3;

    private static readonly string[] Keys = ["A", "B", "C", "D", "E", "F"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(20261126)]
    public async Task Overlapping_patches_and_changes_of_the_object_come_to_what_the_revisions_tell(int seed)
    {
        await using var elsewhere = database.Connect();
        var scene = await EnvScene.CreateAsync(database);
        var other = scene.With(new EnvLedger(elsewhere, scene.Releases.Clock, () => EnvScene.Keys));
        var dice = new Random(seed);
        var patches = Enumerable.Range(0, Workers * PatchesOfWorker).Select(number => (Name: $"{number}", Words: PatchOf(dice))).ToArray();
        var baselines = Enumerable.Range(1, Workers * BaselinesOfWorker).ToDictionary(generation => (long)generation, _ => BaselineOf(dice));
        var works = patches
            .Select(patch => (Func<EnvScene, Task<EnvPatchRow?>>)(async by => await Patience.ApplyAsync(by, by.Patch(patch.Name, patch.Words))))
            .Concat(baselines.Select(pair => (Func<EnvScene, Task<EnvPatchRow?>>)(by => FollowAsync(by, pair.Key, pair.Value))))
            .ToArray();
        var order = Enumerable.Range(0, works.Length).ToArray();
        dice.Shuffle(order);

        var rows = await Task.WhenAll(order.Chunk(order.Length / Workers).Select((share, worker) => Task.Run(async () =>
        {
            var made = new List<(int Number, EnvPatchRow? Row)>();
            foreach (var number in share)
            {
                made.Add((number, await works[number](worker % 2 == 0 ? scene : other)));
            }

            return made;
        })));

        var outcomes = rows.SelectMany(made => made).Where(made => made.Row is not null).ToDictionary(made => made.Row!, made => patches[made.Number].Words);
        outcomes.Count.ShouldBe(patches.Length);
        await ReplayAsync(scene, outcomes, baselines);
    }

    [Fact]
    public void A_set_is_what_the_model_says_after_any_changes()
    {
        var word = Gen.Elements(Keys).SelectMany(key => Gen.Elements($"{key}=1", $"{key}=2", $"{key}=", $"-{key}", $"~{key}"));
        var patch = word.NonEmptyListOf().Select(words => (Follow: false, Words: words.DistinctBy(KeyOf).ToArray()));
        var baseline = Gen.Elements(Keys).SelectMany(key => Gen.Elements($"{key}=1", $"{key}=3", $"{key}=")).ListOf()
            .Select(words => (Follow: true, Words: words.DistinctBy(KeyOf).ToArray()));

        Prop.ForAll(Gen.Frequency((3, patch), (1, baseline)).ListOf().ToArbitrary(), changes =>
        {
            var (set, model) = (EnvSet.Empty, new EnvModel());
            foreach (var (follow, words) in changes)
            {
                var after = follow ? set.With(Change.Variables(words)) : set.With(Change.Of(words));
                var difference = EnvDifference.Between(set.Effective(), after.Effective());
                var changed = !after.Says(set);
                (Join(difference.KeysSet), Join(difference.KeysUnset), changed).ShouldBe(follow ? model.Follow(words) : model.Patch(words));
                (Change.Show(after.Effective()), Join(after.Overridden())).ShouldBe((model.Visible, model.Overridden));
                set = after;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    /// <summary>Says of every revision and every patch what it must be at its place.</summary>
    private static async Task ReplayAsync(EnvScene scene, Dictionary<EnvPatchRow, string[]> outcomes, Dictionary<long, string[]> baselines)
    {
        var model = new EnvModel();
        var newest = 0L;
        CheckIdle(model, outcomes, null);
        foreach (var revision in await scene.ReadRevisionsAsync())
        {
            revision.Number.ShouldBe(newest + 1);
            newest = revision.Number;
            var patch = outcomes.Keys.SingleOrDefault(row => row.Uid == revision.PatchUid);
            var (set, unset, changed) = patch is null ? model.Follow(baselines[revision.Generation!.Value]) : model.Patch(outcomes[patch]);
            (revision.KeysSet, revision.KeysUnset, changed).ShouldBe((set, unset, true));
            (revision.Keys, revision.Overridden).ShouldBe((model.Keys, model.Overridden));
            var values = await scene.Env.ReadValuesAsync(scene.Stack, newest, default);
            (Change.Show(values), EnvSize.Of(values)).ShouldBe((model.Visible, revision.TotalBytes));
            if (patch is not null)
            {
                (patch.Revision, patch.KeysSet, patch.KeysUnset, patch.TotalKeys, patch.TotalBytes)
                    .ShouldBe((newest, Count(set), Count(unset), values.Count, revision.TotalBytes));
                outcomes.Remove(patch);
            }

            CheckIdle(model, outcomes, newest);
        }

        outcomes.ShouldBeEmpty();
        var stack = await scene.FindStackAsync();
        (stack.EnvRevision, stack.EnvGeneration).ShouldBe((newest, baselines.Keys.Max()));
    }

    /// <summary>Those that found this revision and made none: at its place they change nothing.</summary>
    private static void CheckIdle(EnvModel model, Dictionary<EnvPatchRow, string[]> outcomes, long? newest)
    {
        foreach (var (row, words) in outcomes.Where(pair => pair.Key.Revision == newest).ToList())
        {
            model.Patch(words).ShouldBe(("", "", false), string.Join(' ', words));
            (row.KeysSet, row.KeysUnset).ShouldBe((0, 0));
            outcomes.Remove(row);
        }
    }

    private static async Task<EnvPatchRow?> FollowAsync(EnvScene scene, long generation, string[] words)
    {
        (await Patience.UntilAvailableAsync(() => scene.FollowAsync(generation, words))).Problem.ShouldBeNull();
        return null;
    }

    private static string[] PatchOf(Random dice) => [.. Keys.Where(_ => dice.Next(3) == 0).DefaultIfEmpty("A").Select(key => dice.Next(7) switch
    {
        0 => $"{key}=",
        1 => $"-{key}",
        2 => $"~{key}",
        var value => $"{key}={value}",
    })];

    private static string[] BaselineOf(Random dice) => [.. Keys.Where(_ => dice.Next(2) == 0).Select(key => $"{key}={dice.Next(3)}")];

    private static string KeyOf(string word) => word.Trim('-', '~').Split('=')[0];

    private static string Join(IEnumerable<string> words) => string.Join(' ', words);

    private static int Count(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
}
