using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Crds.V1Alpha1.Deployments;
using Xunit;

namespace Slipway.Crds.Tests;

public sealed partial class PooledStringConverterTests
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyzABC0123456789-./:\"\\/\b\n\t<>&'\u0001\u007féß€中\uFFFD";

    private static readonly JsonTypeInfo<Dictionary<string, string>> Pooled = PooledJson.Default.DictionaryStringString;
    private static readonly JsonTypeInfo<Dictionary<string, string>> Plain = PlainJson.Default.DictionaryStringString;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_text_is_read_as_it_was_meant_however_it_is_escaped_and_cut(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 3_000; round++)
        {
            var (key, value) = (RandomText(random), RandomText(random));
            var json = Encoding.UTF8.GetBytes($"{{{Quote(key, random)}:{Quote(value, random)}}}");

            var read = Read(Cut(json, random), Pooled);

            read.ShouldHaveSingleItem().ShouldBe(new KeyValuePair<string, string>(key, value), $"seed {seed}, round {round}");
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("{}")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\udc00\\ud800\"")]
    [InlineData("\"\u00ff\"")]
    [InlineData("\"cut")]
    public void What_is_no_text_is_treated_as_without_the_pool(string json)
    {
        // Latin 1, so that the lone 0xFF is no UTF-8.
        var bytes = Encoding.Latin1.GetBytes($"{{\"k\":{json}}}");

        Outcome(bytes, Pooled).ShouldBe(Outcome(bytes, Plain));
    }

    [Fact]
    public void Any_text_is_written_as_without_the_pool()
    {
        var random = new Random(4);
        var texts = new Dictionary<string, string>();
        while (texts.Count < 2_000)
        {
            texts[RandomText(random)] = RandomText(random);
        }

        JsonSerializer.Serialize(texts, Pooled).ShouldBe(JsonSerializer.Serialize(texts, Plain));
    }

    [Fact]
    public void Objects_of_a_cache_share_the_texts_and_labels_they_have_in_common()
    {
        var many = Enumerable.Range(0, 20).Select(_ => JsonSerializer.Deserialize(
            """
            {
              "metadata": {"name": "web", "labels": {"app.example/shared-label": "shared-value"}, "finalizers": ["shared.example/finalizer"]},
              "spec": {"stack": "shared-stack", "source": {"image": "registry.example/shared:1"}}
            }
            """,
            CrdsJson.Default.Deployment)!).ToList();

        // Others may use the pool at the same time and take a place from us, which costs a copy.
        foreach (var text in (Func<Deployment, string>[])[
            item => item.Metadata.Labels!.Keys.Single(), item => item.Metadata.Labels!.Values.Single(),
            item => item.Metadata.Finalizers![0], item => item.Spec.Stack, item => item.Spec.Source!.Image!])
        {
            many.Select(text).Distinct(ReferenceEqualityComparer.Instance).Count().ShouldBeLessThan(10, text(many[0]));
        }
    }

    private static string RandomText(Random random)
    {
        var text = new StringBuilder();
        for (var left = random.Next(random.Next(2) == 0 ? 12 : 80); left > 0; left--)
        {
            text.Append(random.Next(30) == 0 ? "🚢" : Alphabet[random.Next(random.Next(3) == 0 ? Alphabet.Length : 26)].ToString());
        }

        return text.ToString();
    }

    /// <summary>As JSON, with escapes where they must be and, sometimes, where they need not be.</summary>
    private static string Quote(string text, Random random)
    {
        var often = random.Next(3) == 0 ? 4 : int.MaxValue;
        var quoted = text.Select(unit => unit is '"' or '\\' or < ' ' || (random.Next(often) == 0 && !char.IsSurrogate(unit)) ? $"\\u{(int)unit:x4}" : $"{unit}");
        return $"\"{string.Concat(quoted)}\"".Replace("🚢", random.Next(2) == 0 ? "🚢" : "\\ud83d\\udea2", StringComparison.Ordinal);
    }

    private static Dictionary<string, string>? Read(ReadOnlySequence<byte> json, JsonTypeInfo<Dictionary<string, string>> type)
    {
        var reader = new Utf8JsonReader(json);
        return JsonSerializer.Deserialize(ref reader, type);
    }

    private static string Outcome(byte[] json, JsonTypeInfo<Dictionary<string, string>> type)
    {
        try
        {
            return $"read as '{Read(new ReadOnlySequence<byte>(json), type)!["k"] ?? "null"}'";
        }
        catch (Exception error)
        {
            return $"{error.GetType()}: {error.Message}";
        }
    }

    private static ReadOnlySequence<byte> Cut(byte[] json, Random random)
    {
        if (random.Next(3) == 0)
        {
            return new ReadOnlySequence<byte>(json);
        }

        var first = new Piece(json.AsMemory(0, 1), null);
        var last = first;
        for (var begin = 1; begin < json.Length;)
        {
            var length = Math.Min(1 + random.Next(40), json.Length - begin);
            last = new Piece(json.AsMemory(begin, length), last);
            begin += length;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> bytes, Piece? before)
        {
            Memory = bytes;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }

    [JsonSourceGenerationOptions(Converters = [typeof(PooledStringConverter)])]
    [JsonSerializable(typeof(Dictionary<string, string>))]
    private sealed partial class PooledJson : JsonSerializerContext;

    [JsonSerializable(typeof(Dictionary<string, string>))]
    private sealed partial class PlainJson : JsonSerializerContext;
}
