using System.Security.Cryptography;
using System.Text.Json;

namespace Slipway.Crds.V1Alpha1.EnvPatches;

/// <summary>The identity of what an EnvPatch asks for.</summary>
public static class EnvPatchSpecHash
{
    /// <summary>
    /// SHA-256 of the spec's JSON as lower-case hex. Absent fields do not count, so that later schema additions keep old hashes;
    /// nor does the order of the variables in <c>set</c>, nor whether <c>release</c> was left to its default.
    /// </summary>
    public static string Of(EnvPatchSpec spec)
    {
        var canonical = spec with { Set = Sorted(spec.Set), Release = spec.Release == false ? false : null };
        var json = JsonSerializer.SerializeToUtf8Bytes(canonical, CrdsJson.Default.EnvPatchSpec);
        return Convert.ToHexStringLower(SHA256.HashData(json));
    }

    private static SortedDictionary<string, string>? Sorted(IReadOnlyDictionary<string, string>? variables) =>
        variables is null ? null : new SortedDictionary<string, string>(variables.ToDictionary(), StringComparer.Ordinal);
}
