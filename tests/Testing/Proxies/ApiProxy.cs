using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Crds.Meta;
using Slipway.Testing.Cluster;

namespace Slipway.Testing.Proxies;

/// <summary>
/// A reverse proxy in front of the real API server: plain HTTP, everything streamed. Who comes through it is a service
/// account, the operator's unless it is another one, with its rights and no others. A test can see each request, hold it, lose its answer, or do something at
/// exactly that moment.
/// </summary>
public sealed class ApiProxy : IAsyncDisposable
{
    private readonly ApiServer _server;
    private readonly NamespacedName _account;
    private readonly ConcurrentQueue<ProxiedRequest> _requests = new();
    private readonly ConcurrentDictionary<Rule, byte> _rules = new();
    private readonly HashSet<HttpContext> _open = [];
    private volatile Gate? _watches;
    private volatile Func<ProxiedRequest, bool> _held = _ => true;
    private LoopbackServer? _listener;
    private Func<ProxiedExchange, Task> _otherwise = exchange => exchange.ForwardAsync();

    private ApiProxy(ApiServer server, NamespacedName account) => (_server, _account) = (server, account);

    /// <summary>Everything that was asked, in the order of arrival.</summary>
    public IReadOnlyList<ProxiedRequest> Requests => [.. _requests];

    /// <summary>A kubeconfig that leads here, for a program that is to be observed.</summary>
    public string KubeConfigPath { get; } = Path.Combine(Path.GetTempPath(), $"slipway-test-{Guid.NewGuid():N}.kubeconfig");

    public static Task<ApiProxy> StartAsync(ApiServer server) => StartAsync(server, new NamespacedName("slipway-system", "slipway"));

    /// <param name="server">What is behind it.</param>
    /// <param name="account">Service account of who comes through; it need not be there.</param>
    public static async Task<ApiProxy> StartAsync(ApiServer server, NamespacedName account)
    {
        var proxy = new ApiProxy(server, account);
        proxy._listener = await LoopbackServer.StartAsync(proxy.HandleAsync);
        await File.WriteAllTextAsync(proxy.KubeConfigPath, $"""
            apiVersion: v1
            kind: Config
            current-context: proxy
            clusters: [{"{"}name: proxy, cluster: {"{"}server: "{proxy._listener.Address}"{"}"}{"}"}]
            users: [{"{"}name: proxy, user: {"{}"}{"}"}]
            contexts: [{"{"}name: proxy, context: {"{"}cluster: proxy, user: proxy{"}"}{"}"}]
            """);
        return proxy;
    }

    /// <summary>
    /// The action decides what becomes of the first request that fits: forward, drop, wait, kill somebody. Others pass.
    /// </summary>
    /// <returns>Completes when the action has ended.</returns>
    public Task OnFirst(Func<ProxiedRequest, bool> fits, Func<ProxiedExchange, Task> action)
    {
        var rule = new Rule(fits, action);
        _rules[rule] = 0;
        return rule.Ended.Task;
    }

    /// <summary>The action decides what becomes of every request that no rule is about, instead of forwarding it.</summary>
    public void OnEvery(Func<ProxiedExchange, Task> action) => _otherwise = action;

    /// <summary>From now on nothing comes through any watch: the caches behind them grow old, while everything else works.</summary>
    public void HoldWatches() => HoldWatches(_ => true);

    /// <summary>The same for the watches of one kind, until all are let go.</summary>
    public void HoldWatches(string plural) => HoldWatches(request => request.Path.EndsWith($"/{plural}", StringComparison.Ordinal));

    /// <summary>What was held back comes, in its order, and what happens from now on.</summary>
    public void ReleaseWatches()
    {
        var held = _watches;
        _watches = null;
        held?.Open();
    }

    /// <summary>Breaks everything that is under way. What had reached the server is done there, and nobody is told; new requests work.</summary>
    public void CutConnections()
    {
        // Under the lock nobody leaves: a context that has ended must not be touched any more.
        lock (_open)
        {
            foreach (var context in _open)
            {
                context.Abort();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        ReleaseWatches();
        File.Delete(KubeConfigPath);
        await (_listener?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private void HoldWatches(Func<ProxiedRequest, bool> which)
    {
        _held = which;
        _watches ??= new Gate();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var request = new ProxiedRequest(
            context.Request.Method, context.Request.Path, context.Request.QueryString.Value ?? "", Encoding.UTF8.GetString(body.ToArray()));
        var exchange = new ProxiedExchange(context, _server, _account, body.ToArray(), request, () => request.IsWatch && _held(request) ? _watches : null);
        lock (_open)
        {
            _open.Add(context);
        }

        // After it can be cut: who has seen it may cut it.
        _requests.Enqueue(request);

        try
        {
            await RunAsync(exchange);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or HttpRequestException)
        {
            // One side is gone; the other is to notice.
            context.Abort();
        }
        finally
        {
            lock (_open)
            {
                _open.Remove(context);
            }
        }
    }

    private async Task RunAsync(ProxiedExchange exchange)
    {
        var rule = _rules.Keys.FirstOrDefault(rule => rule.Fits(exchange.Request));
        if (rule is null || !_rules.TryRemove(rule, out _))
        {
            await _otherwise(exchange);
            return;
        }

        try
        {
            await rule.Action(exchange);
            rule.Ended.TrySetResult();
        }
        catch (Exception exception)
        {
            rule.Ended.TrySetException(exception);
            throw;
        }
    }

    private sealed record Rule(Func<ProxiedRequest, bool> Fits, Func<ProxiedExchange, Task> Action)
    {
        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
