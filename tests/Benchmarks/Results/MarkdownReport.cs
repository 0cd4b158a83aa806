using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Slipway.Benchmarks.Results;

/// <summary>Results as Markdown tables, with what the reader must know of the machine and nothing that names it.</summary>
internal static class MarkdownReport
{
    public static string Write(IReadOnlyList<Section> sections, DateOnly date, string scale)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{date:yyyy-MM-dd}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}, "
            + $"{Environment.ProcessorCount} cores, {scale} run.\n");
        foreach (var section in sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n### {section.Title}\n\n| what | Slipway | compared with | that | ratio |\n|---|---|---|---|---|\n");
            foreach (var row in section.Rows)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {row.What} | {row.Ours} | {row.Beside} | {row.Theirs} | {Ratio(row.Ratio)} |\n");
            }
        }

        return text.ToString();
    }

    private static string Ratio(double? ratio) =>
        ratio is not { } value ? "–" : value.ToString(value < 10 ? "F2" : "F0", CultureInfo.InvariantCulture);
}
