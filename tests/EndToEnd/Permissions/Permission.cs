using Slipway.Operator;

namespace Slipway.EndToEnd.Permissions;

/// <summary>One thing that a role allows: the least that can be taken out of it.</summary>
/// <param name="Group">The API group; the empty string is the core group.</param>
/// <param name="Resource">With the subresource.</param>
/// <param name="Verb">For example <c>get</c>.</param>
/// <param name="Namespace">The only one that it is good for; empty for everywhere.</param>
/// <param name="Name">Of the only object that it is good for; empty for all.</param>
public sealed record Permission(string Group, string Resource, string Verb, string Namespace, string Name)
{
    /// <summary>All that rules allow, one by one.</summary>
    /// <param name="rules">Of one role.</param>
    /// <param name="namespace">The namespace that the role is in; empty for a ClusterRole.</param>
    public static IEnumerable<Permission> Of(IEnumerable<PolicyRule> rules, string @namespace = "") =>
        from rule in rules
        from @group in rule.Groups
        from resource in rule.Resources
        from verb in rule.Verbs
        from name in rule.Names.DefaultIfEmpty("")
        select new Permission(@group, resource, verb, @namespace, name);

    /// <summary>Whether it is enough for a request.</summary>
    public bool Allows(Request request) =>
        (Group, Resource, Verb) == (request.Group, request.Resource, request.Verb)
        && (Namespace.Length == 0 || Namespace == request.Namespace)
        && (Name.Length == 0 || Name == request.Name);
}
