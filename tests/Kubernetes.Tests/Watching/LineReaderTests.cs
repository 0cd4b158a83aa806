using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Shouldly;
using Slipway.Kubernetes.Watching;
using Xunit;

namespace Slipway.Kubernetes.Tests.Watching;

public sealed class LineReaderTests
{
    [Fact]
    public async Task However_the_bytes_are_cut_the_lines_are_the_same()
    {
        var random = new Random(20261);
        for (var run = 0; run < 300; run++)
        {
            var lines = Enumerable.Range(0, random.Next(0, 6)).Select(_ => RandomLine(random)).ToList();
            var bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));

            var read = await ReadAllAsync(Cut(bytes, random));

            read.ShouldBe(lines, $"run {run}");
        }
    }

    [Fact]
    public async Task Every_cut_into_two_pieces_gives_the_same_lines()
    {
        var bytes = Encoding.UTF8.GetBytes("{\"größe\":\"€𝄞\"}\n\n{}\n");
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            (await ReadAllAsync([bytes[..cut], bytes[cut..]])).ShouldBe(["{\"größe\":\"€𝄞\"}", "", "{}"], $"cut at {cut}");
        }
    }

    [Fact]
    public async Task An_empty_stream_ends_quietly() => (await ReadAllAsync([])).ShouldBeEmpty();

    [Fact]
    public async Task A_stream_that_ends_within_a_line_is_an_error()
    {
        var reader = new LineReader(PipeReader.Create(new MemoryStream("{}\n{\"a"u8.ToArray())), 1000);

        (await reader.ReadLineAsync(CancellationToken.None)).ShouldNotBeNull();
        await Should.ThrowAsync<EndOfStreamException>(async () => await reader.ReadLineAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_line_without_end_does_not_fill_the_memory()
    {
        var reader = new LineReader(PipeReader.Create(new MemoryStream(new byte[100_000])), 10_000);

        await Should.ThrowAsync<InvalidDataException>(async () => await reader.ReadLineAsync(CancellationToken.None));
    }

    private static async Task<List<string>> ReadAllAsync(IReadOnlyList<byte[]> pieces)
    {
        var pipe = new Pipe();
        var writing = WriteAsync(pipe.Writer, pieces);
        var reader = new LineReader(pipe.Reader, 1_000_000);
        var lines = new List<string>();
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            lines.Add(Encoding.UTF8.GetString(line.ToArray()));
        }

        await writing;
        return lines;
    }

    private static async Task WriteAsync(PipeWriter writer, IReadOnlyList<byte[]> pieces)
    {
        foreach (var piece in pieces)
        {
            await writer.WriteAsync(piece);
            await Task.Yield();
        }

        await writer.CompleteAsync();
    }

    private static List<byte[]> Cut(byte[] bytes, Random random)
    {
        var pieces = new List<byte[]>();
        for (var start = 0; start < bytes.Length;)
        {
            var end = Math.Min(bytes.Length, start + random.Next(1, random.Next(2, 200)));
            pieces.Add(bytes[start..end]);
            start = end;
        }

        return pieces;
    }

    private static string RandomLine(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(0, 400)).Select(_ => "aä€𝄞\"{}\\ \t".EnumerateRunes().ElementAt(random.Next(9))));
}
