using YamlDotNet.RepresentationModel;

namespace Slipway.Kubernetes.Config;

/// <summary>One mapping of a kubeconfig, together with the file it stands in, against which its paths are resolved.</summary>
internal sealed class YamlMapping(YamlMappingNode node, string file)
{
    public string File => file;

    /// <summary>A member's text; null when it is missing, null or empty.</summary>
    public string? Text(string name) => Find(name) switch
    {
        null => null,
        YamlScalarNode scalar when IsEmpty(scalar) => null,
        YamlScalarNode scalar => scalar.Value,
        var other => throw Unexpected(name, "a single value", other),
    };

    public bool Flag(string name) => Text(name) switch
    {
        null or "false" or "False" => false,
        "true" or "True" => true,
        var other => throw new KubeConfigException($"{file}: {name} is '{other}' but must be true or false."),
    };

    /// <summary>A path, made absolute against the file's folder.</summary>
    public string? FilePath(string name) =>
        Text(name) is { } path ? Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(file))!) : null;

    public YamlMapping? Mapping(string name) => Find(name) switch
    {
        null => null,
        YamlMappingNode mapping => new YamlMapping(mapping, file),
        YamlScalarNode scalar when IsEmpty(scalar) => null,
        var other => throw Unexpected(name, "a mapping", other),
    };

    public IReadOnlyList<YamlMapping> Mappings(string name) =>
    [
        .. Sequence(name).Select(item => item is YamlMappingNode mapping
            ? new YamlMapping(mapping, file)
            : throw Unexpected(name, "a list of mappings", item)),
    ];

    public IReadOnlyList<string> Texts(string name) =>
    [
        .. Sequence(name).Select(item => item is YamlScalarNode { Value: { } text }
            ? text
            : throw Unexpected(name, "a list of values", item)),
    ];

    /// <summary>PEM given by path, or as base64 in the member with the suffix <c>-data</c>, which wins.</summary>
    public PemSource? Pem(string name) =>
        Text($"{name}-data") is { } data ? PemSource.FromText(Decode($"{name}-data", data))
        : FilePath(name) is { } path ? PemSource.FromFile(path)
        : null;

    private string Decode(string name, string data)
    {
        try
        {
            return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(data));
        }
        catch (FormatException error)
        {
            throw new KubeConfigException($"{file}: {name} is not base64; encode the PEM file, or name it without '-data'.", error);
        }
    }

    private IEnumerable<YamlNode> Sequence(string name) => Find(name) switch
    {
        null => [],
        YamlSequenceNode sequence => sequence.Children,
        YamlScalarNode scalar when IsEmpty(scalar) => [],
        var other => throw Unexpected(name, "a list", other),
    };

    private YamlNode? Find(string name)
    {
        foreach (var (key, value) in node.Children)
        {
            if (key is YamlScalarNode scalar && scalar.Value == name)
            {
                return value;
            }
        }

        return null;
    }

    private static bool IsEmpty(YamlScalarNode scalar) =>
        string.IsNullOrEmpty(scalar.Value)
        || (scalar.Style == YamlDotNet.Core.ScalarStyle.Plain && scalar.Value is "null" or "~");

    private KubeConfigException Unexpected(string name, string expected, YamlNode found) =>
        new($"{file}: line {found.Start.Line}: {name} must be {expected}.");
}
