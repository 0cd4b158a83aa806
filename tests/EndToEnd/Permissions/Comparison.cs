namespace Slipway.EndToEnd.Permissions;

/// <summary>What somebody did beside what they may do.</summary>
/// <param name="Granted">What they may do.</param>
/// <param name="Requests">What they asked for.</param>
public sealed record Comparison(IReadOnlyList<Permission> Granted, IReadOnlyCollection<Request> Requests)
{
    /// <summary>What could be taken away, and nobody would notice.</summary>
    public IEnumerable<Permission> Unused => Granted.Where(permission => !Requests.Any(request => request.IsAllowed && permission.Allows(request)));

    /// <summary>What was asked for and is not allowed, by these permissions.</summary>
    public IEnumerable<Request> NotGranted => Requests.Where(request => !Granted.Any(permission => permission.Allows(request)));

    /// <summary>What the server refused for want of permission.</summary>
    public IEnumerable<Request> Refused => Requests.Where(request => !request.IsAllowed);

    public Comparison Without(Permission permission) => this with { Granted = [.. Granted.Where(other => other != permission)] };

    /// <summary>What is wrong.</summary>
    public override string ToString() => string.Join('\n',
    [
        .. Unused.Select(permission => $"unused: {permission}"),
        .. NotGranted.Select(request => $"not granted: {request}"),
        .. Refused.Select(request => $"refused: {request}"),
    ]);
}
