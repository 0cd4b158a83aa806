namespace Slipway.DemoData.PetGrooming;

/// <summary>What makes the tables of the built-in data set; carried in the assembly.</summary>
public static class PetGroomingMigrations
{
    private const string Suffix = "_pet_grooming.sql";

    /// <summary>
    /// File names with their SQL, in the order in which they are to be applied. They name no schema, need no extension and may be applied
    /// to any number of schemas of a database.
    /// </summary>
    public static IReadOnlyList<(string FileName, string Sql)> Files { get; } =
        [.. Read().OrderBy(file => file.FileName, StringComparer.Ordinal)];

    private static IEnumerable<(string FileName, string Sql)> Read()
    {
        var assembly = typeof(PetGroomingMigrations).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(Suffix, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return (name, reader.ReadToEnd());
        }
    }
}
