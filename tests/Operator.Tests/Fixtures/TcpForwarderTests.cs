using System.Net;
using System.Net.Sockets;
using System.Text;
using Shouldly;
using Slipway.Testing;
using Slipway.Testing.Proxies;
using Xunit;

namespace Slipway.Operator.Tests.Fixtures;

/// <summary>The network of the outage tests, checked with bare sockets.</summary>
public sealed class TcpForwarderTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TcpListener _target = new(IPAddress.Loopback, 0);
    private TcpForwarder _forwarder = null!;

    [Fact]
    public async Task What_is_sent_arrives_and_so_does_the_end()
    {
        using var client = await ConnectAsync();
        using var server = await _target.AcceptSocketAsync();

        await SendAsync(client, "hello");
        (await ReceiveAsync(server)).ShouldBe("hello");
        await SendAsync(server, "hi");
        (await ReceiveAsync(client)).ShouldBe("hi");

        server.Shutdown(SocketShutdown.Both);
        (await ReceiveAsync(client)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Frozen_nothing_arrives_and_nobody_is_told()
    {
        using var client = await ConnectAsync();
        using var server = await _target.AcceptSocketAsync();
        await SendAsync(client, "before");
        (await ReceiveAsync(server)).ShouldBe("before");

        _forwarder.Freeze();
        using var late = await ConnectAsync();
        await Eventually.See("the late one is accepted", () => _forwarder.Accepted == 2);
        await SendAsync(client, "lost");
        await SendAsync(late, "lost too");
        server.Shutdown(SocketShutdown.Both);
        _forwarder.Thaw();

        // What passes now would come after what had passed before.
        using var fresh = await ConnectAsync();
        using var lateServer = await _target.AcceptSocketAsync();
        using var freshServer = await _target.AcceptSocketAsync();
        await SendAsync(fresh, "after");
        var received = (string[])[await ReceiveAsync(freshServer), server.Available.ToString(), lateServer.Available.ToString()];
        received.ShouldBe(["after", "0", "0"]);
        client.Poll(0, SelectMode.SelectRead).ShouldBeFalse();
    }

    [Fact]
    public async Task Stopped_it_resets_what_is_open_and_comes_back_at_the_same_port()
    {
        using var client = await ConnectAsync();
        using var server = await _target.AcceptSocketAsync();

        await _forwarder.StopAsync();
        await Should.ThrowAsync<SocketException>(() => ReceiveAsync(client));
        await Should.ThrowAsync<SocketException>(ConnectAsync);

        _forwarder.Start();
        using var again = await ConnectAsync();
    }

    public Task InitializeAsync()
    {
        _target.Start();
        _forwarder = new TcpForwarder("127.0.0.1", ((IPEndPoint)_target.LocalEndpoint).Port);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _forwarder.DisposeAsync();
        _target.Dispose();
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", _forwarder.Port);
        return socket;
    }

    private static async Task SendAsync(Socket socket, string text) => await socket.SendAsync(Encoding.ASCII.GetBytes(text));

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        using var timeout = new CancellationTokenSource(Patience);
        var buffer = new byte[100];
        return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, timeout.Token));
    }
}
