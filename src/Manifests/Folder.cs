namespace Slipway.Manifests;

/// <summary>Generated files against those on disk.</summary>
public static class Folder
{
    /// <summary>The files that are missing or differ below <paramref name="root"/>.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Stale(string root, IReadOnlyDictionary<string, string> files) =>
        [.. files.Where(file => !IsCurrent(Path.Combine(root, file.Key), file.Value))];

    public static void Write(string root, IEnumerable<KeyValuePair<string, string>> files)
    {
        foreach (var (path, text) in files)
        {
            var target = Path.Combine(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllText(target, text);
        }
    }

    private static bool IsCurrent(string path, string text) => File.Exists(path) && File.ReadAllText(path) == text;
}
