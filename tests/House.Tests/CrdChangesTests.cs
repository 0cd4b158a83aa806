using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.House.Tests;

/// <summary>Objects that a former release has taken are taken by this one.</summary>
public sealed class CrdChangesTests
{
    private const string Before = """
        metadata: {name: widgets.example.org}
        spec:
          group: example.org
          scope: Namespaced
          names: {kind: Widget, plural: widgets, shortNames: [w], categories: [all]}
          versions:
            - name: v1
              served: true
              subresources: {status: {}}
              additionalPrinterColumns: [{name: Size, type: integer, jsonPath: .spec.size}]
              schema:
                openAPIV3Schema:
                  type: object
                  required: [spec]
                  properties:
                    spec:
                      type: object
                      x-kubernetes-validations: [{rule: self == oldSelf, message: immutable}]
                      properties:
                        size: {type: integer, minimum: 1, maximum: 9, default: 3}
                        color: {type: string, enum: [red, blue], maxLength: 10}
                        parts:
                          type: array
                          x-kubernetes-list-type: map
                          x-kubernetes-list-map-keys: [name]
                          items: {type: object, required: [name], properties: {name: {type: string}, note: {type: string}}}
                        labels: {type: object, additionalProperties: {type: string}}
        """;

    /// <summary>Every definition of every release that was frozen.</summary>
    public static TheoryData<string> Definitions() => new(Checkout.Files.Where(
        file => file.StartsWith("tests/Fixtures/", StringComparison.Ordinal) && file.Contains("/crd/", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Definitions))]
    public void Whatever_a_former_release_took_this_one_takes(string file)
    {
        var today = $"config/crd/{Path.GetFileName(file)}";

        Checkout.Exists(today).ShouldBeTrue($"{file} has no successor");
        CrdChanges.Breaks(Yaml.Read(Checkout.Read(file)), Yaml.Read(Checkout.Read(today))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("size: {type: integer", "size: {type: string", "size: type")]
    [InlineData("                size: {type: integer, minimum: 1, maximum: 9, default: 3}\n", "", "size: is gone")]
    [InlineData("minimum: 1", "minimum: 2", "minimum is higher")]
    [InlineData("maximum: 9", "maximum: 8", "maximum is lower")]
    [InlineData("maxLength: 10", "maxLength: 9", "maxLength is lower")]
    [InlineData("color: {type: string", "color: {type: string, minLength: 1", "minLength is higher")]
    [InlineData("default: 3", "default: 4", "default")]
    [InlineData("enum: [red, blue]", "enum: [red]", "value \"blue\": is gone")]
    [InlineData("note: {type: string}", "note: {type: string, enum: [a]}", "only some values now")]
    [InlineData("labels: {type: object", "labels: {type: object, pattern: x", "pattern")]
    [InlineData("required: [name]", "required: [name, note]", "\"note\" is required now")]
    [InlineData("name: {type: string}, note: {type: string}", "name: {type: string}", "parts[].note: is gone")]
    [InlineData("additionalProperties: {type: string}", "additionalProperties: {type: integer}", "labels{}: type")]
    [InlineData("x-kubernetes-list-map-keys: [name]", "x-kubernetes-list-map-keys: [name, note]", "list-map-keys")]
    [InlineData("rule: self == oldSelf", "rule: self.size > 0", "a new rule")]
    [InlineData("rule: self == oldSelf", "rule: self.size > 0", "not immutable any more")]
    [InlineData("additionalPrinterColumns: [{name: Size", "additionalPrinterColumns: [{name: Length", "column Size")]
    [InlineData("shortNames: [w]", "shortNames: []", "\"w\": is gone")]
    [InlineData("categories: [all]", "categories: []", "\"all\": is gone")]
    [InlineData("scope: Namespaced", "scope: Cluster", "spec.scope")]
    [InlineData("served: true", "served: false", "not served any more")]
    [InlineData("subresources: {status: {}}", "subresources: {}", "no status any more")]
    public void A_break_is_found(string was, string became, string told)
    {
        Before.ShouldContain(was);

        Compare(Before.Replace(was, became, StringComparison.Ordinal)).ShouldContain(line => line.Contains(told, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("note: {type: string}", "note: {type: string}, more: {type: string}")]
    [InlineData("enum: [red, blue]", "enum: [red, blue, green]")]
    [InlineData(", enum: [red, blue]", "")]
    [InlineData("required: [name]", "required: []")]
    [InlineData("minimum: 1, maximum: 9", "minimum: 0, maximum: 10")]
    [InlineData("shortNames: [w]", "shortNames: [w, wd]")]
    [InlineData("note: {type: string}", "note: {type: string, default: none}")]
    public void What_is_only_added_or_loosened_is_no_break(string was, string became)
    {
        Before.ShouldContain(was);

        Compare(Before.Replace(was, became, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static IReadOnlyList<string> Compare(string after) => CrdChanges.Breaks(Yaml.Read(Before), Yaml.Read(after));
}
