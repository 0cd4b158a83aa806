namespace Slipway.Operator.Builds;

/// <summary>Commands and environment values in a pod's spec, where the kubelet replaces <c>$(NAME)</c>.</summary>
internal static class KubeletText
{
    /// <summary>So written that the container gets exactly <paramref name="text"/>.</summary>
    public static string Literal(string text) => text.Replace("$", "$$", StringComparison.Ordinal);
}
