using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Slipway.Kubernetes.Config;

/// <summary>
/// One or more kubeconfig files as kubectl sees them: the first file to name a cluster, user or context, or a current
/// context, wins.
/// </summary>
internal sealed class MergedKubeConfig
{
    private readonly Dictionary<string, YamlMapping> _clusters = [];
    private readonly Dictionary<string, YamlMapping> _users = [];
    private readonly Dictionary<string, YamlMapping> _contexts = [];

    private MergedKubeConfig(string origin) => Origin = origin;

    public string Origin { get; }

    public string? CurrentContext { get; private set; }

    public IReadOnlyDictionary<string, YamlMapping> Clusters => _clusters;

    public IReadOnlyDictionary<string, YamlMapping> Users => _users;

    public IReadOnlyDictionary<string, YamlMapping> Contexts => _contexts;

    /// <exception cref="KubeConfigException">A file is missing (all of them, unless each must exist) or malformed.</exception>
    public static MergedKubeConfig Read(IReadOnlyList<string> paths, bool mustExist)
    {
        var present = paths.Where(path => mustExist || File.Exists(path)).ToList();
        if (present.Count == 0)
        {
            throw new KubeConfigException(
                $"KUBECONFIG names {string.Join(", ", paths)}, and none of it exists; correct or unset KUBECONFIG.");
        }

        var merged = new MergedKubeConfig(string.Join(", ", present));
        foreach (var path in present)
        {
            merged.Add(path);
        }

        return merged;
    }

    private void Add(string path)
    {
        if (Parse(path) is not { } root)
        {
            return;
        }

        CurrentContext ??= root.Text("current-context");
        Add(root, "clusters", "cluster", _clusters);
        Add(root, "users", "user", _users);
        Add(root, "contexts", "context", _contexts);
    }

    private static void Add(YamlMapping root, string list, string member, Dictionary<string, YamlMapping> all)
    {
        var own = new HashSet<string>();
        foreach (var entry in root.Mappings(list))
        {
            var name = entry.Text("name") ?? throw new KubeConfigException($"{root.File}: an entry of {list} has no name; give it one.");
            if (!own.Add(name))
            {
                throw new KubeConfigException($"{root.File}: {list} names '{name}' twice; remove one of them.");
            }

            if (entry.Mapping(member) is { } value)
            {
                all.TryAdd(name, value);
            }
        }
    }

    private static YamlMapping? Parse(string path)
    {
        try
        {
            using var text = File.OpenText(path);
            var yaml = new YamlStream();
            yaml.Load(text);
            return yaml.Documents switch
            {
                [] => null,
                [{ RootNode: YamlMappingNode root }, ..] => new YamlMapping(root, path),
                _ => throw new KubeConfigException($"{path}: is no kubeconfig: a mapping with clusters, users and contexts is expected."),
            };
        }
        catch (YamlException error)
        {
            throw new KubeConfigException(
                $"{path}: line {error.Start.Line}, column {error.Start.Column}: is not valid YAML: {error.Message}", error);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            // The parser gives up on some texts without saying where.
            throw new KubeConfigException($"{path}: is not valid YAML: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigException($"{path}: cannot be read; check that the file exists and is readable: {error.Message}", error);
        }
    }
}
