using Slipway.Kubernetes.Config;
using Slipway.Kubernetes.Requests;

namespace Slipway.Kubernetes.Transport;

/// <summary>
/// The connections of a client, by lane, and the client certificate that they present. A new certificate counts only on new
/// connections.
/// </summary>
internal sealed class ConnectionLanes : IDisposable
{
    private readonly PresentedCertificate _certificate;
    private readonly Dictionary<RequestLane, Connections> _lanes;

    public ConnectionLanes(KubeConfig config)
    {
        _certificate = new PresentedCertificate(config);
        var handlers = new HttpHandlers(config, _certificate.ForHandshake);
        _lanes = Enum.GetValues<RequestLane>().ToDictionary(lane => lane, _ => new Connections(handlers.Create));
    }

    /// <summary>What sends requests of the lane, with that credential's certificate if it has one.</summary>
    public HttpMessageInvoker For(RequestLane lane, Credential credential)
    {
        if (credential.Certificate is { } certificate && _certificate.Replace(certificate))
        {
            Renew();
        }

        return _lanes[lane].Current;
    }

    /// <summary>
    /// Connects anew if the certificate's files changed since it was presented; the server may have refused the old one. True once
    /// for each change.
    /// </summary>
    public bool RenewIfCertificateChanged()
    {
        if (!_certificate.Reread())
        {
            return false;
        }

        Renew();
        return true;
    }

    /// <summary>
    /// Nothing came over these connections in time. A lease cannot wait until pings prove them dead, so its next request connects
    /// anew; whoever else still hopes keeps them.
    /// </summary>
    public void GiveUp(RequestLane lane, HttpMessageInvoker connections)
    {
        if (lane == RequestLane.Leases)
        {
            _lanes[lane].Renew(connections);
        }
    }

    public void Dispose()
    {
        foreach (var lane in _lanes.Values)
        {
            lane.Dispose();
        }
    }

    private void Renew()
    {
        foreach (var lane in _lanes.Values)
        {
            lane.Renew(lane.Current);
        }
    }
}
