using System.Text.RegularExpressions;
using Slipway.Crds.V1Alpha1.Deployments;

namespace Slipway.Operator.Builds;

/// <summary>What is wrong with a Git source.</summary>
internal static partial class GitCheck
{
    public static string? Problem(GitSource git) => OfUrl(git.Url) ?? OfRevision(git.Revision);

    /// <summary>Not file and not ext: those reach into the pod, or run a program.</summary>
    private static string? OfUrl(string url)
    {
        if (!Url().IsMatch(url) && !ScpForm().IsMatch(url))
        {
            return $"spec.source.git.url \"{Shown(url)}\" cannot be used; write https://host/path, http://, ssh://, git:// or user@host:path";
        }

        return Password().IsMatch(url)
            ? "spec.source.git.url has a password in it, which everybody who sees the object can read: put it into the Secret that spec.source.git.secret names"
            : null;
    }

    private static string? OfRevision(string? revision)
    {
        if (revision is null)
        {
            return null;
        }

        return Revision().IsMatch(revision) && !revision.Contains("..", StringComparison.Ordinal)
            ? null
            : $"spec.source.git.revision \"{revision}\" is no branch, tag or commit: those do not begin with '-' or '+', and have no space, '..' and none of ~^:?*[\\";
    }

    /// <summary>What may be a password is not repeated.</summary>
    private static string Shown(string url) => Password().Replace(url, "$1***@");

    [GeneratedRegex(@"^(https?|ssh|git)://([A-Za-z0-9._~%!$&'()*+,;=:-]*@)?([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9a-fA-F:.]+\])(:[0-9]{1,5})?/[^\s\p{C}]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Url();

    [GeneratedRegex(@"^[A-Za-z0-9._][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9.-]*:(?![:-])[^\s\p{C}]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex ScpForm();

    [GeneratedRegex(@"^([a-z]+://[^/@:]*):[^/@]*@", RegexOptions.CultureInvariant)]
    private static partial Regex Password();

    [GeneratedRegex(@"^[^-+\s\p{C}~^:?*\[\\][^\s\p{C}~^:?*\[\\]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Revision();
}
