using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Slipway.Kubernetes.Config;

/// <summary>
/// A YAML file as what it means: JSON. Words are read as YAML 1.2 has them, so <c>yes</c> and <c>on</c> are text; but <c>0644</c> is
/// octal, as in every manifest.
/// </summary>
public static partial class YamlFile
{
    /// <summary>The mapping in a file of one document; empty when the file is.</summary>
    /// <exception cref="FormatException">It is something else. The message names file, line and cause.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static JsonObject Read(string path)
    {
        using var text = File.OpenText(path);
        try
        {
            var yaml = new YamlStream();
            yaml.Load(text);
            return yaml.Documents switch
            {
                [] => [],
                [{ RootNode: YamlMappingNode root }] => Mapping(root),
                _ => throw new FormatException($"{path}: one mapping of names to values is expected"),
            };
        }
        catch (YamlException error)
        {
            throw new FormatException($"{path}: line {error.Start.Line}, column {error.Start.Column}: is not valid YAML: {error.Message}", error);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            // The parser gives up on some texts without saying where.
            throw new FormatException($"{path}: is not valid YAML: {error.Message}", error);
        }
    }

    private static JsonObject Mapping(YamlMappingNode mapping) =>
        new(mapping.Children.Select(child => KeyValuePair.Create(Key(child.Key), Node(child.Value))));

    private static string Key(YamlNode node) =>
        node is YamlScalarNode { Value: { } name } ? name : throw new YamlException(node.Start, node.End, "a name is expected");

    private static JsonNode? Node(YamlNode node) => node switch
    {
        YamlMappingNode mapping => Mapping(mapping),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Node)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => Plain(scalar.Value ?? ""),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => throw new YamlException(node.Start, node.End, "aliases are not supported"),
    };

    private static JsonNode? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when WholeNumber().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) =>
            JsonValue.Create(number),
        _ when OctalNumber().IsMatch(text) => JsonValue.Create(Convert.ToInt64(text, 8)),
        _ when DecimalNumber().IsMatch(text) => JsonValue.Create(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)),
        _ => JsonValue.Create(text),
    };

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)\z")]
    private static partial Regex WholeNumber();

    [GeneratedRegex(@"^0[0-7]{1,10}\z")]
    private static partial Regex OctalNumber();

    [GeneratedRegex(@"^-?[0-9]+\.[0-9]+([eE][-+]?[0-9]+)?\z")]
    private static partial Regex DecimalNumber();
}
