using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Crds.Meta;

/// <summary>
/// Kubernetes' <c>metav1.Time</c>: RFC 3339, UTC, whole seconds. Reading accepts any RFC 3339 time.
/// </summary>
public sealed class TimestampConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
}
