using System.Globalization;
using System.Text;

namespace Slipway.Runtime.Metrics;

/// <summary>The text format of Prometheus, version 0.0.4.</summary>
internal static class PrometheusText
{
    public static string Of(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder();
        foreach (var family in families)
        {
            var series = family.Read();
            if (series.Count == 0)
            {
                continue;
            }

            text.Append("# HELP ").Append(family.Name).Append(' ').Append(Escaped(family.Description)).Append('\n');
            text.Append("# TYPE ").Append(family.Name).Append(' ').Append(TypeOf(family.Type)).Append('\n');
            foreach (var (labels, values) in series)
            {
                Append(text, family, labels, values);
            }
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, MetricFamily family, IReadOnlyList<KeyValuePair<string, object?>> labels, MetricSeries series)
    {
        if (family.Type != MetricType.Histogram)
        {
            Append(text, family.Name, labels, null, series.Value);
            return;
        }

        foreach (var (bound, count) in series.Cumulative())
        {
            Append(text, family.Name + "_bucket", labels, Number(bound), count);
        }

        Append(text, family.Name + "_bucket", labels, "+Inf", series.Count);
        Append(text, family.Name + "_sum", labels, null, series.Value);
        Append(text, family.Name + "_count", labels, null, series.Count);
    }

    private static void Append(StringBuilder text, string name, IReadOnlyList<KeyValuePair<string, object?>> labels, string? bound, double value)
    {
        text.Append(name);
        var all = labels.Select(label => (label.Key, Value: Text(label.Value)));
        if (bound is not null)
        {
            all = all.Append(("le", bound));
        }

        var separator = '{';
        foreach (var (key, label) in all)
        {
            text.Append(separator).Append(key).Append("=\"").Append(Escaped(label).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
            separator = ',';
        }

        text.Append(separator == ',' ? "} " : " ").Append(Number(value)).Append('\n');
    }

    private static string TypeOf(MetricType type) => type switch
    {
        MetricType.Counter => "counter",
        MetricType.Gauge => "gauge",
        MetricType.Histogram => "histogram",
    };

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString(CultureInfo.InvariantCulture);

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
