using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Ledger;

/// <summary>One step of the schema, forward only.</summary>
/// <param name="Version">Its number; they count from 1 without gaps.</param>
/// <param name="Name">What it is about.</param>
/// <param name="WorksWith">The lowest version that an operator must know to work on the schema after this step.</param>
/// <param name="Sql">The text; line ends do not count in the checksum.</param>
internal sealed record Migration(int Version, string Name, int WorksWith, string Sql)
{
    private const string Marker = "-- works-with: ";

    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>The migrations that this program carries, in order.</summary>
    public static IReadOnlyList<Migration> Embedded { get; } = [.. ReadEmbedded().OrderBy(migration => migration.Version)];

    /// <summary>Reads a file <c>NNNN_name.sql</c> whose first line is <c>-- works-with: N</c>.</summary>
    public static Migration Parse(string fileName, string sql)
    {
        var firstLine = sql.ReplaceLineEndings("\n").Split('\n', 2)[0];
        if (!firstLine.StartsWith(Marker, StringComparison.Ordinal))
        {
            throw new FormatException($"Migration {fileName} must begin with a line '{Marker}N'.");
        }

        var stem = Path.GetFileNameWithoutExtension(fileName).Split('_', 2);
        return new Migration(
            int.Parse(stem[0], CultureInfo.InvariantCulture),
            stem[1],
            int.Parse(firstLine.AsSpan(Marker.Length), CultureInfo.InvariantCulture),
            sql);
    }

    private static IEnumerable<Migration> ReadEmbedded()
    {
        var assembly = typeof(Migration).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return Parse(name, reader.ReadToEnd());
        }
    }
}
