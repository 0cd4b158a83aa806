using System.Runtime.CompilerServices;
using System.Text;
using Shouldly;
using Slipway.Crds.Meta;
using Xunit;

namespace Slipway.Crds.Tests;

public sealed class StringPoolTests
{
    private readonly StringPool _pool = new();

    [Fact]
    public void Equal_texts_are_one_string_from_the_second_sight_on()
    {
        Find("MinimumReplicasAvailable");
        var second = Find("MinimumReplicasAvailable");

        Find("MinimumReplicasAvailable").ShouldBeSameAs(second);
        second.ShouldBe("MinimumReplicasAvailable");
    }

    [Theory]
    [InlineData("naïve")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public void What_is_long_or_more_than_ascii_is_left_to_others(string text) => Find(text).ShouldBeNull();

    [Fact]
    public void The_empty_text_is_the_empty_string() => Find("").ShouldBeSameAs("");

    [Fact]
    public void What_passes_by_once_pushes_out_nothing()
    {
        Find("Ready");
        var ready = Find("Ready");

        foreach (var number in Enumerable.Range(0, 20 * StringPool.Capacity))
        {
            Find($"uid-{number}");
        }

        Find("Ready").ShouldBeSameAs(ready);
    }

    [Fact]
    public void What_is_used_all_the_time_stays_however_many_others_are_repeated()
    {
        Find("Ready");
        var ready = Find("Ready");

        foreach (var number in Enumerable.Range(0, 20 * StringPool.Capacity))
        {
            Find($"uid-{number}");
            Find($"uid-{number}");
            ReferenceEquals(Find("Ready"), ready).ShouldBeTrue($"after {number} others");
        }
    }

    [Fact]
    public void It_never_holds_more_than_its_capacity()
    {
        var found = FindTwice(10 * StringPool.Capacity);

        GC.Collect();

        found.Count(text => text.TryGetTarget(out _)).ShouldBeInRange(StringPool.Capacity / 2, StringPool.Capacity);
    }

    /// <summary>With texts that differ in one place, at every length.</summary>
    [Fact]
    public void Never_takes_one_text_for_another_whoever_asks_at_the_same_time()
    {
        var texts = Enumerable.Range(0, 8_000).Select(number => $"{new string('x', number % 50)}{number}").ToArray();

        Parallel.For(0, 4, seed =>
        {
            var random = new Random(seed);
            for (var round = 0; round < 100_000; round++)
            {
                var text = texts[random.Next(texts.Length)];
                if (Find(text) is var found && found != text)
                {
                    throw new InvalidOperationException($"Looked for {text} and found {found}.");
                }
            }
        });
    }

    // Not inlined, so that nothing on the test's stack keeps a string alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private List<WeakReference<string>> FindTwice(int texts) =>
    [
        .. from number in Enumerable.Range(0, texts)
           let first = Find($"uid-{number}")
           select new WeakReference<string>(Find($"uid-{number}")!),
    ];

    private string? Find(string text) => _pool.Find(Encoding.UTF8.GetBytes(text));
}
