using System.Text;
using Shouldly;
using Slipway.Kubernetes.Faults;
using Xunit;

namespace Slipway.Kubernetes.Tests.Watching;

/// <summary>From bytes to events: what must hold for every watch and however its bytes arrive.</summary>
public sealed class WatchPropertyTests
{
    [Fact]
    public async Task However_the_bytes_are_cut_the_events_are_the_same()
    {
        for (var seed = 1; seed <= 150; seed++)
        {
            var random = new Random(seed);
            var body = WatchBody.Random(random);

            (await WatchReading.OfAsync(body.Bytes)).Seen.ShouldBe(body.Expected, $"seed {seed}, in one piece");
            (await WatchReading.OfAsync(Cut(body.Bytes, random))).Seen.ShouldBe(body.Expected, $"seed {seed}, in pieces");
        }
    }

    [Fact]
    public async Task Every_single_byte_may_arrive_alone()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var body = WatchBody.Random(new Random(seed), huge: false);

            (await WatchReading.OfAsync([.. body.Bytes.Select(one => new[] { one })])).Seen.ShouldBe(body.Expected, $"seed {seed}");
        }
    }

    [Fact]
    public async Task A_body_that_breaks_off_anywhere_gives_the_events_before_and_no_other()
    {
        for (var seed = 1; seed <= 8; seed++)
        {
            var body = WatchBody.Random(new Random(seed), huge: false);
            for (var length = 0; length <= body.Bytes.Length; length++)
            {
                var read = await WatchReading.OfAsync(body.Bytes[..length]);

                read.Seen.ShouldBe(body.Expected.Take(read.Seen.Count), $"seed {seed}, cut at {length}");
                var within = length > 0 && body.Bytes[length - 1] != '\n';
                read.BrokeOff.ShouldBe(within, $"seed {seed}, cut at {length}");
            }
        }
    }

    /// <summary>A broken proxy may send anything; only what the caller is told to expect may come of it.</summary>
    [Fact]
    public void Whatever_a_line_is_turned_into_it_is_an_event_a_report_nothing_or_a_fault()
    {
        for (var seed = 1; seed <= 20_000; seed++)
        {
            var random = new Random(seed);
            var line = Spoil(Encoding.UTF8.GetBytes(Lines[random.Next(Lines.Length)]), random);
            try
            {
                foreach (var seen in WatchReading.OfLine(line))
                {
                    seen.ShouldMatch("^(ADDED|MODIFIED|DELETED) [^/]*/.|^BOOKMARK|^unfit (ADDED|MODIFIED|DELETED) ");
                }
            }
            catch (ApiException)
            {
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}, {Encoding.UTF8.GetString(line)}: {error}");
            }
        }
    }

    private static readonly string[] Lines =
    [
        """{"type":"ADDED","object":{"kind":"ConfigMap","metadata":{"name":"a","namespace":"shop","labels":{"k":"v"},"generation":7,"creationTimestamp":"2030-01-02T03:04:05Z","resourceVersion":"7"},"data":{"type":"\u00fc\ud834\udd1e€"}}}""",
        """{"object":{"metadata":{"ownerReferences":[{"name":"o","uid":"u","controller":true}],"name":"a","resourceVersion":"7"},"data":["x"]},"type":"MODIFIED"}""",
        """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9","annotations":{"k8s.io/initial-events-end":"true"}}}}""",
        """{"type":"ERROR","object":{"kind":"Status","message":"gone","reason":"Expired","code":410,"details":{"retryAfterSeconds":3,"causes":[{"reason":"x"}]}}}""",
        """{"type":"DELETED","object":{"metadata":{"name":"\u0061","namespace":"s","finalizers":["f"],"deletionTimestamp":"2030-01-02T03:04:05Z","resourceVersion":"8"},"data":null}}""",
    ];

    private static readonly string[] Pieces =
    [
        "null", "7", "-1e999", "\"\"", "\"x\"", "{}", "[]", "[", "}", "\"", "\\ud800", "\\", ",", ":", "true", "\"metadata\":null,", "\"name\":", "99999999999999999999",
    ];

    /// <summary>Up to four wounds: bytes lost, changed, doubled; a piece of JSON put in, or in the place of a value.</summary>
    private static byte[] Spoil(byte[] line, Random random)
    {
        for (var wounds = random.Next(1, 5); wounds > 0; wounds--)
        {
            var start = random.Next(line.Length + 1);
            var end = Math.Min(line.Length, start + random.Next(12));
            byte[] piece = random.Next(6) switch
            {
                0 => [],
                1 => [(byte)random.Next(256)],
                2 => [.. line[start..end], .. line[start..end]],
                3 => Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]),
                _ => ValueAt(line, random, out start, out end),
            };
            line = [.. line[..start], .. piece, .. line[end..]];
        }

        return line;
    }

    /// <summary>Another value for a member, so that the line stays JSON most of the time.</summary>
    private static byte[] ValueAt(byte[] line, Random random, out int start, out int end)
    {
        var colons = Enumerable.Range(0, line.Length).Where(at => line[at] == ':').ToArray();
        start = colons.Length == 0 ? 0 : colons[random.Next(colons.Length)] + 1;
        end = start;
        for (var depth = 0; end < line.Length && (depth > 0 || !(line[end] is (byte)',' or (byte)'}' or (byte)']')); end++)
        {
            depth += line[end] is (byte)'{' or (byte)'[' ? 1 : line[end] is (byte)'}' or (byte)']' ? -1 : 0;
        }

        return Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]);
    }

    private static List<byte[]> Cut(byte[] bytes, Random random)
    {
        var longest = random.Next(2, 1 + Math.Max(2, bytes.Length / random.Next(1, 50)));
        var pieces = new List<byte[]>();
        for (var start = 0; start < bytes.Length;)
        {
            var end = Math.Min(bytes.Length, start + random.Next(1, longest));
            pieces.Add(bytes[start..end]);
            start = end;
        }

        return pieces;
    }
}
