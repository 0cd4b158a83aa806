using System.Text.Json.Nodes;

namespace Slipway.Operator.Releases;

/// <summary>The variables of a release, as its containers read them.</summary>
/// <param name="Secret">Name of the Secret that holds them.</param>
/// <param name="Keys">Their names.</param>
public sealed record ReleaseVariables(string Secret, IReadOnlyList<string> Keys)
{
    /// <summary>
    /// As the last source, so that they win over the template's own ones; and an entry of the template for the same name, which would
    /// win over every source, is left out: a patch that was applied takes effect.
    /// </summary>
    public void PutInto(JsonObject container)
    {
        var sources = container["envFrom"] as JsonArray ?? [];
        if (sources.Parent is null)
        {
            container["envFrom"] = sources;
        }

        JsonNode source = new JsonObject { ["secretRef"] = new JsonObject { ["name"] = Secret } };
        sources.Add(source);
        if (container["env"] is JsonArray own)
        {
            foreach (var entry in own.OfType<JsonObject>().Where(IsReplaced).ToList())
            {
                own.Remove(entry);
            }
        }
    }

    private bool IsReplaced(JsonObject entry) => entry["name"] is JsonValue name && name.TryGetValue<string>(out var text) && Keys.Contains(text);
}
