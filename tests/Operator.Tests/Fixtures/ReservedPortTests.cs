using System.Net;
using System.Net.Sockets;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.Operator.Tests.Fixtures;

public sealed class ReservedPortTests
{
    [Fact]
    public async Task Who_names_it_may_listen_there_again_and_again()
    {
        using var port = new ReservedPort();

        for (var times = 0; times < 2; times++)
        {
            using var listener = new TcpListener(IPAddress.Loopback, port.Number);
            listener.Start();
            using var client = new TcpClient();
            var accepting = listener.AcceptTcpClientAsync();
            await client.ConnectAsync(IPAddress.Loopback, port.Number);
            (await accepting).Dispose();
        }
    }

    [Fact]
    public async Task Nobody_answers_there_meanwhile()
    {
        using var port = new ReservedPort();
        using var client = new TcpClient();

        var refused = await Should.ThrowAsync<SocketException>(() => client.ConnectAsync(IPAddress.Loopback, port.Number));

        refused.SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    }
}
