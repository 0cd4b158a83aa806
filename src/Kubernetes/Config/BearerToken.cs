namespace Slipway.Kubernetes.Config;

/// <summary>Tokens that can be put into a header. No message quotes one.</summary>
internal static class BearerToken
{
    /// <exception cref="KubeConfigException">The file cannot be read or holds no token.</exception>
    public static string Read(string path)
    {
        try
        {
            return Check(File.ReadAllText(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigException($"{path}: the token cannot be read; check the mount and its rights: {error.Message}", error);
        }
    }

    /// <summary>A header holds printable ASCII without spaces; anything else would be quoted by the error it leads to.</summary>
    /// <exception cref="KubeConfigException">It is empty or holds something else.</exception>
    public static string Check(string text, string origin)
    {
        var token = text.Trim();
        return token.Length > 0 && !token.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? token
            : throw new KubeConfigException(
                $"{origin}: the token is empty or holds spaces, line breaks or other characters that no token has; write it anew.");
    }
}
