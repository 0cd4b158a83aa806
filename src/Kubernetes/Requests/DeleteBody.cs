using System.Text.Json;

namespace Slipway.Kubernetes.Requests;

/// <summary>The <c>DeleteOptions</c> object that a delete carries.</summary>
internal static class DeleteBody
{
    public static byte[] Write(DeleteOptions options)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("apiVersion", "v1");
            writer.WriteString("kind", "DeleteOptions");
            writer.WriteString("propagationPolicy", Policy(options.Propagation));
            WritePreconditions(writer, options);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WritePreconditions(Utf8JsonWriter writer, DeleteOptions options)
    {
        if (options.Uid is null && options.ResourceVersion is null)
        {
            return;
        }

        writer.WriteStartObject("preconditions");
        WriteIfSet(writer, "uid", options.Uid);
        WriteIfSet(writer, "resourceVersion", options.ResourceVersion);
        writer.WriteEndObject();
    }

    private static void WriteIfSet(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static string Policy(Propagation propagation) => propagation switch
    {
        Propagation.Background => "Background",
        Propagation.Foreground => "Foreground",
        Propagation.Orphan => "Orphan",
    };
}
