using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Kubernetes;

/// <summary>
/// An RFC 6902 patch: all operations take effect or none does. Start it with <see cref="Test"/> or
/// <see cref="AtVersion"/> whenever it depends on what was read before.
/// </summary>
public sealed class JsonPatch
{
    private readonly List<Operation> _operations = [];

    public bool IsEmpty => _operations.Count == 0;

    /// <summary>The version this patch insists on, or null.</summary>
    public string? ResourceVersion { get; private set; }

    /// <summary>
    /// Refuse the patch (422) unless the value at the path equals this one. To Kubernetes, null also equals a missing member.
    /// </summary>
    public JsonPatch Test(string path, JsonNode? value) => Append("test", path, value);

    /// <summary>Set an object's member, or insert into a list (<c>/list/0</c>; at its end <c>/list/-</c>).</summary>
    public JsonPatch Add(string path, JsonNode? value) => Append("add", path, value);

    /// <summary>Replace a value that exists.</summary>
    public JsonPatch Replace(string path, JsonNode? value) => Append("replace", path, value);

    /// <summary>Remove a value that exists.</summary>
    public JsonPatch Remove(string path) => Append("remove", path, null);

    /// <summary>Refuse the patch with a conflict (409) unless the object still has this version.</summary>
    public JsonPatch AtVersion(string resourceVersion)
    {
        ResourceVersion = resourceVersion;
        return Replace("/metadata/resourceVersion", resourceVersion);
    }

    /// <summary>A JSON Pointer from unescaped names: <c>Path("metadata", "annotations", "slipway.dev/rerun")</c>.</summary>
    public static string Path(params ReadOnlySpan<string> segments)
    {
        var path = new StringBuilder();
        foreach (var segment in segments)
        {
            path.Append('/').Append(segment.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
        }

        return path.ToString();
    }

    public string ToJson() => Encoding.UTF8.GetString(ToUtf8());

    public byte[] ToUtf8()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var operation in _operations)
            {
                operation.Write(writer);
            }

            writer.WriteEndArray();
        }

        return buffer.ToArray();
    }

    private JsonPatch Append(string op, string path, JsonNode? value)
    {
        _operations.Add(new Operation(op, path, value));
        return this;
    }

    private sealed record Operation(string Op, string Path, JsonNode? Value)
    {
        public void Write(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            writer.WriteString("op", Op);
            writer.WriteString("path", Path);
            if (Op != "remove")
            {
                writer.WritePropertyName("value");
                WriteValue(writer);
            }

            writer.WriteEndObject();
        }

        private void WriteValue(Utf8JsonWriter writer)
        {
            if (Value is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                Value.WriteTo(writer);
            }
        }
    }
}
