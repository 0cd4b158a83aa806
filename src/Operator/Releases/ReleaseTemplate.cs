using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Crds.V1Alpha1.Stacks;

namespace Slipway.Operator.Releases;

/// <summary>
/// What a release keeps of its stack: the pod template, and which of its containers receive the image. Taken when the
/// release is admitted, kept in the ledger, and restored with it.
/// </summary>
public sealed record ReleaseTemplate(PodTemplate Template, IReadOnlyList<string> Containers)
{
    private static readonly string[] DefaultContainers = ["app"];

    public static ReleaseTemplate Of(StackSpec stack) => new(stack.Template, stack.Containers ?? DefaultContainers);

    public static ReleaseTemplate Parse(string json) =>
        JsonSerializer.Deserialize(json, OperatorJson.Default.ReleaseTemplate)
        ?? throw new JsonException("the release's template in the ledger is null");

    public string ToJson() => JsonSerializer.Serialize(this, OperatorJson.Default.ReleaseTemplate);

    /// <summary>Why the template cannot run a release, in words for the user; null when it can.</summary>
    public string? Problem()
    {
        if (Template.Spec.ValueKind != JsonValueKind.Object || !HasContainers(Template.Spec))
        {
            return "spec.template.spec needs at least one container";
        }

        var names = AllContainers().Select(container => container.Name).ToList();
        var missing = Containers.FirstOrDefault(name => !names.Contains(name));
        return missing is null
            ? null
            : $"spec.containers names \"{missing}\", but spec.template has only {string.Join(", ", names)}; "
                + "name the containers that receive the released image in spec.containers";
    }

    /// <summary>The image is never pulled: only the node knows it, and no registry need be asked.</summary>
    public bool OnlyFromNode() => Released().All(container =>
        container.Json.TryGetProperty("imagePullPolicy", out var policy) && policy.ValueEquals("Never"));

    /// <summary>Names of the Secrets that the pods pull with.</summary>
    public IEnumerable<string> PullSecrets() =>
        Template.Spec.TryGetProperty("imagePullSecrets", out var secrets) && secrets.ValueKind == JsonValueKind.Array
            ? secrets.EnumerateArray().Select(secret => Text(secret, "name")).OfType<string>()
            : [];

    public string ServiceAccount() => Text(Template.Spec, "serviceAccountName") ?? "default";

    /// <summary>The pod template with the image and the variables in its containers, and the labels added.</summary>
    public JsonElement Render(string image, IReadOnlyDictionary<string, string> labels, ReleaseVariables? variables = null)
    {
        var spec = JsonNode.Parse(Template.Spec.GetRawText())!.AsObject();
        foreach (var container in Containers.SelectMany(name => ContainersOf(spec).Where(one => (string?)one["name"] == name)))
        {
            container["image"] = image;
            variables?.PutInto(container);
        }

        var allLabels = new JsonObject();
        foreach (var (key, value) in (Template.Metadata?.Labels ?? new Dictionary<string, string>()).Where(pair => !labels.ContainsKey(pair.Key)).Concat(labels))
        {
            allLabels[key] = value;
        }

        var metadata = new JsonObject { ["labels"] = allLabels };
        if (Template.Metadata?.Annotations is { Count: > 0 } annotations)
        {
            metadata["annotations"] = new JsonObject(annotations.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        }

        using var document = JsonDocument.Parse(new JsonObject { ["metadata"] = metadata, ["spec"] = spec }.ToJsonString());
        return document.RootElement.Clone();
    }

    /// <summary>A template that was rendered, without the variables that this added to it.</summary>
    /// <param name="isOurs">Whether a name is that of a Secret with a release's variables.</param>
    public ReleaseTemplate Without(Func<string?, bool> isOurs)
    {
        var spec = JsonNode.Parse(Template.Spec.GetRawText())!.AsObject();
        foreach (var container in ContainersOf(spec).Where(one => one["envFrom"] is JsonArray))
        {
            var sources = container["envFrom"]!.AsArray();
            foreach (var source in sources.OfType<JsonObject>().Where(one => isOurs((string?)one["secretRef"]?["name"])).ToList())
            {
                sources.Remove(source);
            }

            if (sources.Count == 0)
            {
                container.Remove("envFrom");
            }
        }

        using var document = JsonDocument.Parse(spec.ToJsonString());
        return this with { Template = Template with { Spec = document.RootElement.Clone() } };
    }

    private static bool HasContainers(JsonElement spec) =>
        spec.TryGetProperty("containers", out var containers) && containers.ValueKind == JsonValueKind.Array && containers.GetArrayLength() > 0;

    private static string? Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<JsonObject> ContainersOf(JsonObject spec) =>
        new[] { "initContainers", "containers" }.SelectMany(list => spec[list]?.AsArray().OfType<JsonObject>() ?? []);

    private IEnumerable<(string? Name, JsonElement Json)> Released() => AllContainers().Where(container => Containers.Contains(container.Name));

    private IEnumerable<(string? Name, JsonElement Json)> AllContainers() =>
        from list in new[] { "initContainers", "containers" }
        where Template.Spec.TryGetProperty(list, out var containers) && containers.ValueKind == JsonValueKind.Array
        from container in Template.Spec.GetProperty(list).EnumerateArray()
        select (Text(container, "name"), container);
}
