using System.Collections.Concurrent;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.Ledger.Tests;

/// <summary>Whatever several operators do in whatever order, some things stay true.</summary>
public sealed class RandomSequenceTests(LedgerDatabase database) : IClassFixture<LedgerDatabase>
{
    private const int Workers = 8;
    private const int Steps = 400;

    /// <summary>What must not be where every image is named after the version, as it is here.</summary>
    private const string ForeignImage = """
        SELECT 'the image is not that of the version of release ' || id FROM slipway.releases
        WHERE phase = 'pending' AND slot_requested_at IS NULL
          AND image_reference <> 'registry/app:' || to_char(version_day, 'YYYYMMDD') || '.' || version_number
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(20261122)]
    public async Task Nothing_that_must_hold_is_ever_broken(int seed)
    {
        var clock = new FakeClock(new DateTimeOffset(2026, 11, 22, 23, 0, 0, TimeSpan.Zero));
        await using var elsewhere = database.Connect();
        var world = new World(clock);
        var first = Scene.LedgerOf(database.DataSource, clock);
        foreach (var name in Enumerable.Range(0, 3).Select(number => $"stack-{seed}-{number}"))
        {
            await world.RegisterAsync(first, name, ConcurrencyPolicy.Parallel);
        }

        using var stop = new CancellationTokenSource();
        var watching = Task.Run(() => WatchAsync(stop.Token));
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(
            world, Scene.LedgerOf(worker % 2 == 0 ? database.DataSource : elsewhere, clock), new Random(seed + worker)))));
        await stop.CancelAsync();

        (await watching).ShouldBeGreaterThan(0);
        (await LookAsync()).ShouldBeEmpty();
        (await FinishedKindsAsync()).ShouldBe(["active", "cancelled", "failed", "superseded"], ignoreOrder: true);
        foreach (var release in await first.ListInFlightAsync(default))
        {
            await first.CancelAsync(release.Uid, "CancelRequested", "The end.", default);
        }

        (await first.ListInFlightAsync(default)).ShouldBeEmpty();
        (await LookAsync()).ShouldBeEmpty();
    }

    private static async Task WorkAsync(World world, ReleaseLedger ledger, Random random)
    {
        for (var step = 0; step < Steps; step++)
        {
            await world.StepAsync(ledger, random);
        }
    }

    private async Task<int> WatchAsync(CancellationToken stop)
    {
        var looks = 0;
        do
        {
            (await LookAsync()).ShouldBeEmpty();
            looks++;
        }
        while (!stop.IsCancellationRequested);

        return looks;
    }

    private Task<List<string>> LookAsync() => database.DataSource.CreateCommand($"{LedgerInvariants.Violations} UNION ALL {ForeignImage}").ListAsync(row => row.GetString(0), default);

    /// <summary>What releases have come to at any time: at the very end, all stacks may just have begun anew.</summary>
    private Task<List<string>> FinishedKindsAsync() => database.DataSource
        .CreateCommand("SELECT DISTINCT to_phase::text FROM slipway.transitions WHERE to_phase NOT IN ('pending', 'building', 'pushing', 'activating')").ListAsync(row => row.GetString(0), default);

    /// <summary>What the workers know, and what they may do.</summary>
    private sealed class World(FakeClock clock)
    {
        private readonly ConcurrentDictionary<string, StackRegistration> _stacks = new();
        private readonly ConcurrentQueue<Guid> _releases = new();

        public async Task RegisterAsync(ReleaseLedger ledger, string name, ConcurrencyPolicy policy)
        {
            var registration = Scene.Registration(name, policy);
            await ledger.RegisterStackAsync(registration, default);
            _stacks[name] = registration;
        }

        public async Task StepAsync(ReleaseLedger ledger, Random random)
        {
            var stack = _stacks.Values.ElementAt(random.Next(_stacks.Count));
            var release = Pick(random);
            var work = random.Next(100) switch
            {
                < 35 => AdmitAsync(ledger, stack, random),
                < 55 => TakeSlotAsync(ledger, release, random),
                < 80 => ledger.ActivateAsync(release, "registry/app", "sha256:1", "Available", "", default),
                < 85 => ledger.FailAsync(release, (ReleasePhase)random.Next(4), "Timeout", "", null, default),
                < 90 => ledger.CancelAsync(release, "CancelRequested", "", default),
                < 92 => RefuseAsync(ledger, stack, random),
                < 95 => RenewAsync(ledger, stack, random),
                < 96 => TearDownAsync(ledger, stack),
                < 98 => ledger.ReadStackAsync(stack.Uid, 3, default),
                _ => Task.Run(() => clock.Advance(TimeSpan.FromMinutes(random.Next(120)))),
            };
            try
            {
                await work;
            }
            catch (ReleaseNotFoundException)
            {
                // Nobody has been admitted yet.
            }
        }

        private Guid Pick(Random random)
        {
            // Mostly the newest ones, so that something comes of them.
            var known = _releases.ToArray();
            return known.Length == 0 ? Guid.Empty : known[Math.Max(0, known.Length - 1 - random.Next(12))];
        }

        private async Task AdmitAsync(ReleaseLedger ledger, StackRegistration stack, Random random)
        {
            var request = new AdmissionRequest
            {
                Uid = NextUid(random),
                Namespace = stack.Namespace,
                Name = $"{stack.Name}-{random.Next(1 << 20)}",
                StackUid = stack.Uid,
                SpecHash = $"{random.Next(3)}",
                RerunToken = "",
                AskedAt = clock.GetUtcNow(),
                Image = "registry/app",
                Template = "{}",
                ResolveDeadline = TimeSpan.FromMinutes(1),
            };
            var outcome = await ledger.AdmitAsync(request, version => $"registry/app:{version}", default);
            if (outcome.Kind == AdmissionKind.Admitted)
            {
                _releases.Enqueue(request.Uid);
            }
        }

        private static async Task TakeSlotAsync(ReleaseLedger ledger, Guid release, Random random)
        {
            var outcome = await ledger.TakeSlotAsync(release, Scene.Image, default);
            if (outcome.Kind == SlotKind.Taken && random.Next(2) == 0)
            {
                await ledger.BeginRolloutAsync(release, outcome.Release.Sequence!.Value, TimeSpan.FromMinutes(1), default);
            }
        }

        private static Task RefuseAsync(ReleaseLedger ledger, StackRegistration stack, Random random) => ledger.RefuseAsync(
            new Refusal
            {
                Uid = NextUid(random),
                Namespace = stack.Namespace,
                Name = $"{stack.Name}-{random.Next(1 << 20)}",
                StackUid = stack.Uid,
                StackName = stack.Name,
                SpecHash = "0",
                RerunToken = "",
                Phase = ReleasePhase.Cancelled,
                Reason = "CancelRequested",
                Message = "",
            },
            default);

        private async Task RenewAsync(ReleaseLedger ledger, StackRegistration stack, Random random)
        {
            var policy = random.Next(3) == 0 ? ConcurrencyPolicy.Queue : ConcurrencyPolicy.Parallel;
            var renewed = stack with { Generation = stack.Generation + 1, Concurrency = policy };
            await ledger.RegisterStackAsync(renewed, default);
            _stacks[stack.Name] = renewed;
        }

        private async Task TearDownAsync(ReleaseLedger ledger, StackRegistration stack)
        {
            await ledger.BeginTeardownAsync(stack.Uid, default);
            await ledger.FinishTeardownAsync(stack.Uid, default);
            await RegisterAsync(ledger, stack.Name, ConcurrencyPolicy.Parallel);
        }

        private static Guid NextUid(Random random)
        {
            var bytes = new byte[16];
            random.NextBytes(bytes);
            return new Guid(bytes);
        }
    }
}
