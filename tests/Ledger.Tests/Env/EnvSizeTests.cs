using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Slipway.Ledger.Env;
using Xunit;

namespace Slipway.Ledger.Tests.Env;

public sealed partial class EnvSizeTests
{
    private const int FirstSurrogate = 0xD800;
    private const int AfterSurrogates = 0xE000;

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("", 2)]
    [InlineData("A=", 8)]
    [InlineData("A=1", 9)]
    [InlineData("A=1 B=22", 18)]
    [InlineData("A=\"\\\b\f\n\r\t", 22)]
    [InlineData("A=\u0001\u001f", 20)]
    [InlineData("A=\u007f/<>&'", 14)]
    [InlineData("A=ü", 10)]
    [InlineData("A=€\u2028", 14)]
    [InlineData("A=\U0001f600", 12)]
    [InlineData("Ü=1", 10)]
    public void Counts_the_bytes_of_compact_json(string variables, int bytes) =>
        EnvSize.Of(Change.Variables(variables.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ShouldBe(bytes);

    [Fact]
    public void Counts_what_a_serializer_writes_whatever_the_texts()
    {
        var character = Gen.Frequency(
            (3, Gen.Choose(0, 0x7F)),
            (1, Gen.Choose(0, FirstSurrogate - 1)),
            (1, Gen.Choose(AfterSurrogates, 0xFFFF)));
        var text = character.ListOf().Select(characters => string.Concat(characters.Select(number => (char)number)));
        var variables = text.Two().ListOf().Select(pairs => pairs.DistinctBy(pair => pair.Item1).ToDictionary(pair => pair.Item1, pair => pair.Item2));

        Prop.ForAll(variables.ToArbitrary(), given => EnvSize.Of(given).ShouldBe(Encoding.UTF8.GetByteCount(Serialize(given))))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    /// <summary>The serializer escapes some characters that need no escape; JSON.stringify does not.</summary>
    private static string Serialize(Dictionary<string, string> variables) => Escape().Replace(
        JsonSerializer.Serialize(variables, Relaxed),
        escape => escape.Groups[1].Success && Number(escape.Groups[1].Value) >= 0x7F ? $"{(char)Number(escape.Groups[1].Value)}" : escape.Value);

    private static int Number(string hex) => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\\(?:u([0-9A-Fa-f]{4})|.)")]
    private static partial Regex Escape();
}
