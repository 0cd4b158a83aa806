using System.Collections.Frozen;

namespace Slipway.Ledger.Slugs;

/// <summary>Words that are given to nobody, because they are, or could become, paths, subdomains, or names of the system.</summary>
public static class ReservedSlugs
{
    /// <summary>In alphabetical order.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "admin", "api", "app", "apps", "assets", "auth", "console", "create", "dashboard", "default", "delete", "deployments", "docs",
        "edit", "envpatches", "health", "healthz", "help", "internal", "kube-node-lease", "kube-public", "kube-system", "kubernetes",
        "livez", "localhost", "login", "logout", "me", "metrics", "new", "none", "null", "oauth", "public", "readyz", "releases", "root",
        "settings", "signin", "signout", "signup", "slipway", "slipway-system", "stacks", "static", "status", "support", "system", "teams",
        "undefined", "user", "users", "version", "www",
    ];

    private static readonly FrozenSet<string> Words = All.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether this is one of them, as it stands.</summary>
    public static bool Contains(string slug) => Words.Contains(slug);
}
