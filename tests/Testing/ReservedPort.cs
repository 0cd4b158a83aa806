using System.Net;
using System.Net.Sockets;

namespace Slipway.Testing;

/// <summary>
/// A port of the loopback that nobody is given by chance, also while no one listens there: a socket is bound to it and never listens.
/// Who names the port may listen on it all the same.
/// </summary>
public sealed class ReservedPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ReservedPort()
    {
        // Linux lets another socket share the address when both ask for it and none but one listens. Sockets of .NET ask.
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Number = ((IPEndPoint)_socket.LocalEndPoint!).Port;
    }

    public int Number { get; }

    public void Dispose() => _socket.Dispose();
}
