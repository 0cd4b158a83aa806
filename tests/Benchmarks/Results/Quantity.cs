using System.Globalization;

namespace Slipway.Benchmarks.Results;

/// <summary>A measured amount, written in the unit in which it is easily read.</summary>
internal readonly record struct Quantity
{
    private readonly string _text;

    private Quantity(double value, string text) => (Value, _text) = (value, text);

    /// <summary>In seconds, bytes or pieces per second: only good for comparing with its like.</summary>
    public double Value { get; }

    public static Quantity Nanoseconds(double value) => Seconds(value / 1e9);

    public static Quantity Time(TimeSpan value) => Seconds(value.TotalSeconds);

    public static Quantity Bytes(double value) => new(value, Scaled(value, (1 << 20, "MiB"), (1 << 10, "KiB"), (1, "B")));

    public static Quantity PerSecond(double value) => new(value, Scaled(value, (1e6, "M/s"), (1e3, "k/s"), (1, "/s")));

    public override string ToString() => _text;

    private static Quantity Seconds(double value) => new(value, Scaled(value, (1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")));

    private static string Scaled(double value, params (double Size, string Name)[] units)
    {
        var (size, name) = units.FirstOrDefault(unit => value >= unit.Size, units[^1]);
        var scaled = value / size;
        return string.Create(CultureInfo.InvariantCulture, $"{(scaled >= 100 || scaled == 0 ? $"{scaled:F0}" : $"{scaled:G3}")} {name}");
    }
}
