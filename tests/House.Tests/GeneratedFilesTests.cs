using System.Text.Json.Nodes;
using Shouldly;
using Slipway.Manifests;
using Slipway.Testing;
using Xunit;

namespace Slipway.House.Tests;

public sealed class GeneratedFilesTests
{
    public static TheoryData<string> Paths() => new(GeneratedFiles.All().Keys);

    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_generated_file_is_current(string path)
    {
        Checkout.Exists(path).ShouldBeTrue($"{path} is missing; run make generate");
        Checkout.Read(path).ShouldBe(GeneratedFiles.All()[path], $"{path} is not current; run make generate");
    }

    [Fact]
    public void Nothing_else_lies_beside_them()
    {
        string[] folders = ["config/crd/", "config/rbac/", "charts/slipway/files/crd/", "charts/slipway/files/rules/"];
        bool IsThere(string path) => folders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal));

        Checkout.Files.Where(IsThere).ShouldBe(GeneratedFiles.All().Keys.Where(IsThere), ignoreOrder: true);
    }

    [Fact]
    public void A_definition_reads_back_as_it_was_written()
    {
        foreach (var kind in Kind.All)
        {
            var definition = CustomResourceDefinition.Of(kind);

            var again = Yaml.Read(YamlText.Of(definition));

            JsonNode.DeepEquals(again, definition).ShouldBeTrue(kind.Resource.FullName);
        }
    }

    [Theory]
    [InlineData("True")]
    [InlineData("no")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("1e3")]
    [InlineData("-1")]
    [InlineData(".5")]
    [InlineData("2026-11-22")]
    [InlineData("20261122.3")]
    [InlineData("a: b")]
    [InlineData("ends:")]
    [InlineData("a #b")]
    [InlineData("#a")]
    [InlineData("- a")]
    [InlineData("'quoted'")]
    [InlineData("say \"no\"")]
    [InlineData("[x]")]
    [InlineData("{x}")]
    [InlineData("a, b]")]
    [InlineData("*x")]
    [InlineData("&x")]
    [InlineData("!x")]
    [InlineData("|")]
    [InlineData("%x")]
    [InlineData("@x")]
    [InlineData(" padded ")]
    [InlineData("two\nlines\t")]
    [InlineData("^[0-9]{8}\\.[1-9]$")]
    [InlineData("…ä")]
    public void Text_stays_text_whatever_it_looks_like(string text)
    {
        var document = new JsonObject { ["value"] = text, ["list"] = new JsonArray(text, text), [text] = 1, ["items"] = new JsonArray(new JsonObject { ["a"] = text }) };

        var again = Yaml.Read(YamlText.Of(document));

        JsonNode.DeepEquals(again, document).ShouldBeTrue(YamlText.Of(document));
    }

    [Fact]
    public void A_comment_stands_above_its_item()
    {
        var document = new JsonObject
        {
            ["rules"] = new JsonArray(
                new JsonObject { [YamlText.Comment] = "Why.", ["verbs"] = new JsonArray("get", "list"), ["more"] = new JsonObject() }),
        };

        YamlText.Of(document).ShouldBe("rules:\n  # Why.\n  - verbs: [get, list]\n    more: {}\n");
    }

    [Fact]
    public void A_stale_file_is_found_and_written()
    {
        var root = Directory.CreateTempSubdirectory("slipway-manifests-").FullName;
        try
        {
            var files = GeneratedFiles.All();
            Folder.Stale(root, files).Count.ShouldBe(files.Count);
            Folder.Write(root, files);
            Folder.Stale(root, files).ShouldBeEmpty();

            var one = files.Keys.First();
            File.AppendAllText(Path.Combine(root, one), "\n");
            Folder.Stale(root, files).ShouldHaveSingleItem().Key.ShouldBe(one);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }
}
