namespace Slipway.DemoData.Scripts;

/// <summary>A folder whose files run in the order of their names.</summary>
internal static class ScriptFolder
{
    /// <summary>
    /// The files with one of these extensions, whatever their case, in ordinal order of their names; not those of folders in it, and none
    /// that is hidden.
    /// </summary>
    /// <exception cref="DemoDataException">With this fault: there is no such folder, or nothing in it.</exception>
    public static IReadOnlyList<ScriptSource> List(string folder, DemoDataFault fault, params string[] extensions)
    {
        if (File.Exists(folder))
        {
            throw new DemoDataException(fault, $"{folder} is a file; name the folder that it is in");
        }

        if (!Directory.Exists(folder))
        {
            throw new DemoDataException(fault, $"there is no folder {folder}");
        }

        var files = Names(folder, fault)
            .Where(name => !name.StartsWith('.') && extensions.Any(extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase)))
            .Order(StringComparer.Ordinal)
            .Select(name => Path.Combine(folder, name))
            .Select(path => new ScriptSource(path, () => File.OpenRead(path)))
            .ToList();
        return files.Count > 0 ? files : throw new DemoDataException(fault, $"there is no {string.Join(" or ", extensions)} file in {folder}");
    }

    /// <summary>For people.</summary>
    public static string Describe(string folder, int files) => $"folder {folder} ({files} {(files == 1 ? "file" : "files")})";

    private static List<string> Names(string folder, DemoDataFault fault)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DemoDataException(fault, $"the folder {folder} cannot be read: {error.Message}", error);
        }
    }
}
