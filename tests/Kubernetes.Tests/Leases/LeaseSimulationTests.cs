using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Leases;
using Slipway.Kubernetes.Tests.Leases.Simulation;
using Xunit;

namespace Slipway.Kubernetes.Tests.Leases;

/// <summary>
/// Many contenders for one lease in a virtual world, an hour a seed: clocks of different speed and date, pauses, kills, lost and
/// doubled messages. Set SLIPWAY_SIMULATION_SEEDS (for example 1000-2000) to run others; the same seed gives the same history.
/// </summary>
public sealed class LeaseSimulationTests : IDisposable
{
    private static readonly LeaseOptions Options = new() { Key = new NamespacedName("ns", "lock"), Holder = "simulated" };

    /// <summary>Another release of the same program, with other settings: what counts is what stands in the lease.</summary>
    private static readonly LeaseOptions Patient = Options with { Duration = TimeSpan.FromSeconds(24), RenewDeadline = TimeSpan.FromSeconds(16) };

    private readonly List<Contender> _contenders = [];
    private VirtualWorld _world = null!;
    private LeaseServer _server = null!;
    private Fence _fence = null!;

    public static TheoryData<int> Seeds()
    {
        var range = (Environment.GetEnvironmentVariable("SLIPWAY_SIMULATION_SEEDS") ?? "1-25").Split('-');
        var (first, last) = (int.Parse(range[0]), int.Parse(range[^1]));
        return [.. Enumerable.Range(first, last - first + 1)];
    }

    /// <summary>
    /// Nobody is paused, and no clock runs more than 1.5 times as fast as another (duration by deadline): then no two even
    /// believe that they hold it, whatever the network does.
    /// </summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Never_two_believe_that_they_hold_it_while_clocks_run_about_alike(int seed)
    {
        Begin(seed, contenders: 5, rate: (0.84, 1.2), mixed: true);
        foreach (var contender in _contenders)
        {
            contender.Connection.Faults = NetworkFaults.Rough;
        }

        _world.Check = () => Believers().Count.ShouldBeLessThanOrEqualTo(1, $"seed {seed}, at {_world.Now}");
        Disturb(brutal: false);
        _world.RunUntil(TimeSpan.FromHours(1));

        Conclude(seed);
    }

    /// <summary>Pauses of any length, and clocks that differ wildly: two may believe, but the fence lets one term through at a time.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Never_two_get_past_the_fence_whatever_happens(int seed)
    {
        Begin(seed, contenders: 5, rate: (0.3, 3), mixed: true);
        foreach (var contender in _contenders)
        {
            contender.Connection.Faults = NetworkFaults.Rough;
        }

        Disturb(brutal: true);
        _world.RunUntil(TimeSpan.FromHours(1));

        Conclude(seed);
    }

    /// <summary>The holder is killed, at any moment; whoever takes over does so within the lease's duration of its last sign of life.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Another_takes_over_within_the_duration_when_the_holder_dies(int seed)
    {
        Begin(seed, contenders: 3, rate: (1, 1), work: () => TimeSpan.FromHours(2));
        _world.RunUntil(_world.Between(20, 60));
        var holder = Believers().ShouldHaveSingleItem($"seed {seed}");
        var terms = _server.Terms.Count;
        var killed = _world.Now;
        holder.Process.Kill();

        _world.RunUntil(killed + Options.Duration + TimeSpan.FromSeconds(0.5));

        _server.Terms.Count.ShouldBe(terms + 1, $"seed {seed}");
        _contenders.Where(one => one != holder).ShouldContain(one => one.Believes != null, $"seed {seed}");
    }

    /// <summary>The holder is told to stop; the next one has it as fast as messages travel, and not at its next look.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Another_has_it_at_once_when_the_holder_stops(int seed)
    {
        Begin(seed, contenders: 3, rate: (0.9, 1.1), work: () => TimeSpan.FromHours(2));
        _world.RunUntil(_world.Between(20, 60));
        var holder = Believers().ShouldHaveSingleItem($"seed {seed}");
        holder.Stop();

        _world.RunUntil(_world.Now + TimeSpan.FromSeconds(0.5));

        Believers().ShouldHaveSingleItem($"seed {seed}").ShouldNotBe(holder);
        holder.TermsEndedWell.ShouldBe(1);
    }

    /// <summary>
    /// Told to stop at any moment, also in the middle of taking it and although every tenth answer is lost: what it was given
    /// without knowing is given back as well.
    /// </summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nobody_who_has_stopped_is_left_as_the_holder(int seed)
    {
        for (var moment = 0; moment < 40; moment++)
        {
            Begin((seed * 100) + moment, contenders: 2, rate: (0.9, 1.1), work: () => TimeSpan.FromSeconds(3));
            foreach (var contender in _contenders)
            {
                contender.Connection.Faults = new NetworkFaults { LoseAnswer = 0.1 };
                _world.After(_world.Between(0, 30), contender.Stop);
            }

            _world.RunUntil(TimeSpan.FromMinutes(2));

            // Who lost it gives nothing back: it may be another's. And trying has an end.
            var left = _contenders.Where(one => one.TermsLost + one.ReleasesGivenUp == 0).Select(one => one.Process.Name);
            left.ShouldNotContain(_server.Lease?.Spec?.HolderIdentity, $"seed {seed}, moment {moment}");
        }
    }

    /// <summary>Cut off, it gives up before anybody else may take it; reconnected, it does not interfere.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_holder_that_is_cut_off_gives_up_before_another_takes_it(int seed)
    {
        Begin(seed, contenders: 3, rate: (0.84, 1.2), work: () => TimeSpan.FromHours(2));
        _world.Check = () => Believers().Count.ShouldBeLessThanOrEqualTo(1, $"seed {seed}, at {_world.Now}");
        _world.RunUntil(_world.Between(20, 60));
        var holder = Believers().ShouldHaveSingleItem($"seed {seed}");
        // Its last renewals were accepted long before it heard of that: the time in between is not its own.
        holder.Connection.Faults = new NetworkFaults { AnswerTakes = 2.5 };
        _world.RunUntil(_world.Now + _world.Between(20, 30));
        holder.Connection.IsCut = true;
        _world.RunUntil(_world.Now + TimeSpan.FromSeconds(40));
        holder.TermsLost.ShouldBeGreaterThan(0, $"seed {seed}");
        var next = Believers().ShouldHaveSingleItem($"seed {seed}");
        (holder.Connection.IsCut, holder.Connection.Faults) = (false, NetworkFaults.None);

        _world.RunUntil(_world.Now + TimeSpan.FromMinutes(5));

        Believers().ShouldHaveSingleItem($"seed {seed}").ShouldBe(next);
        Conclude(seed);
    }

    /// <summary>The simulation finds what it is made to find: with a holder that trusts a term too long, two believe.</summary>
    [Fact]
    public void Clocks_that_differ_more_than_allowed_are_noticed_here()
    {
        var seen = 0;
        for (var seed = 1; seed <= 25; seed++)
        {
            Begin(seed, contenders: 4, rate: (0.3, 3));
            _world.Check = () => seen = Math.Max(seen, Believers().Count);
            Disturb(brutal: false);
            _world.RunUntil(TimeSpan.FromMinutes(30));
        }

        seen.ShouldBeGreaterThan(1);
    }

    /// <summary>Nothing has left its process for another thread: the history is the seed's.</summary>
    public void Dispose() => _world.Escapes.ShouldBeEmpty();

    private void Begin(int seed, int contenders, (double Least, double Most) rate, Func<TimeSpan>? work = null, bool mixed = false)
    {
        _contenders.Clear();
        _world = new VirtualWorld(seed);
        _server = new LeaseServer(_world);
        _fence = new Fence(_world);
        for (var number = 1; number <= contenders; number++)
        {
            var speed = rate.Least + ((rate.Most - rate.Least) * _world.Random.NextDouble());
            var world = _world;
            var options = mixed && number % 2 == 0 ? Patient : Options;
            var contender = new Contender(
                _world, _server, _fence, $"process {number}", options, speed, TimeSpan.FromDays(_world.Random.Next(-3000, 3000)))
            {
                Work = work ?? (() => world.Between(1, 90)),
                Drain = () => mixed ? world.Between(0, 40) : TimeSpan.Zero,
            };
            _contenders.Add(contender);
            _world.After(_world.Between(0, 10), contender.Start);
        }
    }

    private List<Contender> Believers() => [.. _contenders.Where(one => !one.Process.IsDead && one.Believes is { IsLost: false })];

    /// <summary>From now on something happens to somebody every few seconds.</summary>
    private void Disturb(bool brutal)
    {
        var victim = _contenders[_world.Random.Next(_contenders.Count)];
        switch (_world.Random.Next(12))
        {
            case < 4 when brutal:
                victim.Process.Pause();
                _world.After(_world.Between(0, 60), victim.Process.Resume);
                break;
            case 4 or 5:
                victim.Connection.IsCut = true;
                _world.After(_world.Between(0, 40), () => victim.Connection.IsCut = false);
                break;
            case 6:
                _server.Touch();
                break;
            case 8 or 9:
                victim.Interrupt();
                break;
            case 7 when brutal && _world.Chance(0.2):
                // Its holder learns of it at the next renewal: until then two believe, and the fence decides.
                _server.Delete();
                break;
        }

        _world.After(_world.Between(1, 30), () => Disturb(brutal));
    }

    private void Conclude(int seed)
    {
        var because = $"seed {seed}";
        _contenders.SelectMany(one => one.Surprises).ShouldBeEmpty(because);
        _contenders.SelectMany(one => one.ReleasesLost).ShouldBeEmpty(because);
        _server.Violations.ShouldBeEmpty(because);

        // Each token is one term of one process, and no term comes back once a later one was let through.
        _fence.Accepted.GroupBy(write => (write.Token.LeaseUid, write.Token.Transitions)).ShouldAllBe(writes => writes.Select(write => write.Run).Distinct().Count() == 1, because);
        var order = _fence.Accepted.Select(write => write.Token).ToList();
        order.Zip(order.Skip(1)).ShouldAllBe(pair => pair.First.CompareTo(pair.Second) <= 0, because);
        _server.Terms.Select(term => (term.Uid, term.Transitions)).ShouldBeUnique(because);

        // And it all went on: everybody had it, and nearly every term ended well.
        if (_contenders.Sum(one => one.TermsEndedWell) > 0)
        {
            _fence.Accepted.Select(write => write.Run.Split(' ')[1]).Distinct().Count().ShouldBeGreaterThan(1, because);
        }
    }
}
