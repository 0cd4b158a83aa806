using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Slipway.House.Tests;

/// <summary>What no file of the repository contains.</summary>
public sealed partial class FileTests
{
    private static readonly string[] Binary = [".png", ".ico", ".gz", ".tar"];

    [Fact]
    public void No_file_names_a_place_on_somebodys_machine() => Offending(MachinePath()).ShouldBeEmpty();

    [Fact]
    public void Nothing_is_left_to_do() => Offending(Unfinished(), ".cs", ".sh", ".sql").ShouldBeEmpty();

    [Fact]
    public void No_source_file_is_long() =>
        Checkout.Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
            .Select(file => (File: file, Lines: File.ReadLines(Checkout.PathOf(file)).Count()))
            .Where(file => file.Lines > 350).ShouldBeEmpty("a second noun is usually hiding in the file");

    [Fact]
    public void Every_file_ends_with_a_newline_and_has_no_carriage_returns()
    {
        foreach (var file in Text().Where(file => new FileInfo(Checkout.PathOf(file)).Length > 0))
        {
            var text = Checkout.Read(file);
            text.ShouldEndWith("\n", customMessage: file);
            text.Contains('\r').ShouldBeFalse(file);
        }
    }

    [Fact]
    public void Folder_and_namespace_are_the_same()
    {
        foreach (var file in Checkout.Files.Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)))
        {
            if (Namespace().Match(Checkout.Read(file)) is { Success: true } match)
            {
                match.Groups[1].Value.ShouldBe("Slipway." + Path.GetDirectoryName(file)!["src/".Length..].Replace('/', '.'), file);
            }
        }
    }

    private static IEnumerable<string> Text() => Checkout.Files.Where(file => !Binary.Contains(Path.GetExtension(file)));

    private static IEnumerable<string> Offending(Regex pattern, params string[] extensions) =>
        from file in Text()
        where !file.EndsWith($"{nameof(FileTests)}.cs", StringComparison.Ordinal)
        where extensions.Length == 0 || extensions.Contains(Path.GetExtension(file))
        from line in File.ReadLines(Checkout.PathOf(file)).Index()
        where pattern.IsMatch(line.Item)
        select $"{file}:{line.Index + 1}: {line.Item.Trim()}";

    [GeneratedRegex("(?<![A-Za-z0-9._-])/(work|home|root|Users)/")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedException|\bSkip ?= ?""")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"^namespace ([A-Za-z0-9.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
