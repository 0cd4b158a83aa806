using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Testing;

namespace Slipway.Charts.Tests;

/// <summary>Objects of a cluster, by kind, namespace and name.</summary>
internal sealed class Manifests
{
    /// <summary>What says how an object came, and not what it is.</summary>
    private static readonly string[] Provenance =
        ["helm.sh/chart", "app.kubernetes.io/managed-by", "app.kubernetes.io/version", "app.kubernetes.io/instance", "helm.sh/resource-policy"];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private Manifests(IReadOnlyDictionary<string, JsonObject> objects) => Objects = objects;

    public IReadOnlyDictionary<string, JsonObject> Objects { get; }

    /// <exception cref="ArgumentException">Two of them are the same object.</exception>
    public static Manifests Parse(string text) =>
        new(Yaml.ReadAll(text).OfType<JsonObject>().ToDictionary(KeyOf, document => document));

    public IEnumerable<JsonObject> OfKind(string kind) => Objects.Values.Where(document => document.Text("kind") == kind);

    public JsonObject Single(string kind, string name) => OfKind(kind).Single(document => document.Text("metadata.name") == name);

    /// <summary>Every pod that comes of these objects, with the object's key.</summary>
    public IEnumerable<(string Of, JsonNode Pod)> Pods() =>
        from entry in Objects
        let pod = entry.Value.At("spec.jobTemplate.spec.template.spec") ?? entry.Value.At("spec.template.spec")
        where pod is not null
        select (entry.Key, pod);

    /// <summary>The same objects without the members of that name, at any depth.</summary>
    public Manifests Without(string? name) =>
        new(Objects.ToDictionary(entry => entry.Key, entry => Strip(entry.Value, name)!.AsObject()));

    /// <summary>Each object as lines of text, without its provenance: what two ways to install have in common.</summary>
    public IReadOnlyDictionary<string, string> Contents() =>
        Objects.ToDictionary(entry => entry.Key, entry => Canonical(WithoutProvenance(entry.Value))!.ToJsonString(Indented));

    /// <summary>Members in the order of their names, which mean nothing in it.</summary>
    public static JsonNode? Canonical(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, Canonical(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Canonical)]),
        _ => node?.DeepClone(),
    };

    private static string KeyOf(JsonObject document) =>
        $"{document.Text("kind")} {document.Text("metadata.namespace")}/{document.Text("metadata.name")}";

    private static JsonNode? Strip(JsonNode? node, string? name) => node switch
    {
        JsonObject members => new JsonObject(members.Where(member => member.Key != name)
            .Select(member => KeyValuePair.Create(member.Key, Strip(member.Value, name)))),
        JsonArray items => new JsonArray([.. items.Select(item => Strip(item, name))]),
        _ => node?.DeepClone(),
    };

    private static JsonObject WithoutProvenance(JsonObject document)
    {
        var copy = document.DeepClone().AsObject();
        foreach (var part in (string[])["labels", "annotations"])
        {
            var words = copy["metadata"]![part] as JsonObject ?? [];
            foreach (var name in Provenance)
            {
                words.Remove(name);
            }

            if (words.Count == 0)
            {
                copy["metadata"]!.AsObject().Remove(part);
            }
        }

        return copy;
    }
}
