using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Kubernetes.Config;
using Slipway.Kubernetes.Faults;
using Slipway.Kubernetes.Tests.Kinds;
using Slipway.Testing;
using Slipway.Testing.FakeApi;
using Xunit;

namespace Slipway.Kubernetes.Tests;

/// <summary>How the client behaves when server or network do not.</summary>
public sealed class ClientFaultsTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly NamespacedName Key = new("shop", "a");

    private readonly TemporaryFolder _folder = new();
    private FakeApiServer _server = null!;

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_write_turned_away_is_sent_again_when_the_server_asks_for_it(int code)
    {
        _server.Faults.Next(new Fault.Refuse(code, "Busy", RetryAfterSeconds: 0), times: 4);
        using var client = _server.NewClient();

        (await client.CreateAsync(Map(), None)).Metadata.Uid.ShouldNotBeNull();
        _server.Requests.Count.ShouldBe(5);
    }

    [Fact]
    public async Task After_five_tries_the_refusal_is_the_answer()
    {
        _server.Faults.Next(new Fault.Refuse(429, "TooManyRequests", RetryAfterSeconds: 0), times: 5);
        using var client = _server.NewClient();

        (await FailsAsync(() => client.CreateAsync(Map(), None))).IsThrottled.ShouldBeTrue();
        _server.Requests.Count.ShouldBe(5);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    [InlineData(500)]
    public async Task A_write_refused_without_retry_after_is_not_sent_again(int code)
    {
        _server.Faults.Next(new Fault.Refuse(code, "Busy"));
        using var client = _server.NewClient();

        (await FailsAsync(() => client.CreateAsync(Map(), None))).Code.ShouldBe(code);
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_time_the_server_asks_for_is_waited()
    {
        _server.Faults.Next(new Fault.Refuse(429, "TooManyRequests", RetryAfterSeconds: 7));
        var clock = new FakeClock();
        using var client = _server.NewClient(new KubeClientOptions { Time = clock, Timeout = TimeSpan.FromHours(1) });

        var creating = client.CreateAsync(Map(), None);
        await clock.TimerWithinAsync(TimeSpan.FromSeconds(7), None);
        _server.Requests.Count.ShouldBe(1);
        clock.Advance(TimeSpan.FromSeconds(7));

        (await creating).Metadata.Uid.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_wait_that_is_too_long_is_left_to_the_caller()
    {
        _server.Faults.Next(new Fault.Refuse(429, "TooManyRequests", RetryAfterSeconds: 31));
        using var client = _server.NewClient();

        (await FailsAsync(() => client.GetAsync<V1ConfigMap>(Key, None))).RetryAfter.ShouldBe(TimeSpan.FromSeconds(31));
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_read_is_tried_again_after_a_broken_connection()
    {
        _server.Faults.Next(new Fault.DropRequest(), times: 2);
        using var client = _server.NewClient();

        (await client.GetAsync<V1ConfigMap>(Key, None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_is_not_repeated()
    {
        _server.Faults.Next(new Fault.DropAnswer());
        using var client = _server.NewClient();

        var error = await FailsAsync(() => client.CreateAsync(Map(), None));

        error.Code.ShouldBe(0);
        error.IsTransient.ShouldBeTrue();
        error.Message.ShouldContain("create configmaps shop/a");
        _server.Requests.Count.ShouldBe(1);
        (await client.GetAsync<V1ConfigMap>(Key, None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_create_for_apply_interrupted_half_way_is_made_up_for_by_the_next_apply()
    {
        _server.Faults.Next(new Fault.DropRequest(), when: request => request.Method == "PATCH");
        using var client = _server.NewClient();
        await FailsAsync(() => client.CreateForApplyAsync(Map() with { Data = new Dictionary<string, string> { ["k"] = "v" } }, None));

        (await client.ApplyAsync(Map(), None)).Data.ShouldBeNull();
    }

    [Fact]
    public async Task Creating_for_apply_reads_again_when_somebody_was_faster()
    {
        using var client = _server.NewClient();
        _server.Faults.Next(new Fault.Refuse(409, "Conflict"), when: request => request.Method == "PATCH");

        (await client.CreateForApplyAsync(Map(), None)).Metadata.Uid.ShouldNotBeNull();

        _server.Requests.Select(request => request.Method).ShouldBe(["POST", "PATCH", "GET", "PATCH", "PATCH"]);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_ends_the_attempt()
    {
        var never = new TaskCompletionSource();
        _server.Faults.Next(new Fault.HoldUntil(never.Task));
        var clock = new FakeClock();
        using var client = _server.NewClient(new KubeClientOptions { Time = clock });

        var getting = client.GetAsync<V1ConfigMap>(Key, None);
        await Eventually.See("the request has arrived", () => _server.Requests.Count == 1);
        clock.Advance(TimeSpan.FromSeconds(30));

        var error = await FailsAsync(() => getting);
        error.Reason.ShouldBe(ApiException.NoAnswer);
        error.Message.ShouldContain("30 s");
    }

    [Fact]
    public async Task The_callers_own_cancellation_is_no_fault()
    {
        _server.Faults.Next(new Fault.HoldUntil(new TaskCompletionSource().Task));
        using var client = _server.NewClient();
        using var cancelled = new CancellationTokenSource();

        var getting = client.GetAsync<V1ConfigMap>(Key, cancelled.Token);
        await Eventually.See("the request has arrived", () => _server.Requests.Count == 1);
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(getting);
    }

    [Fact]
    public async Task Nobody_there_is_said_with_the_address()
    {
        using var client = new KubeClient(new KubeConfig { Server = new Uri("http://127.0.0.1:1") }, new KubeClientOptions());

        var error = await FailsAsync(() => client.DeleteAsync<V1ConfigMap>(Key, new DeleteOptions(), None));

        error.Reason.ShouldBe(ApiException.Unreachable);
        error.Message.ShouldContain("http://127.0.0.1:1");
    }

    [Fact]
    public async Task An_answer_that_is_no_json_is_a_fault_of_the_server()
    {
        _server.Faults.Next(new Fault.Babble(200, "<html>"), times: 3);
        using var client = _server.NewClient();

        (await FailsAsync(() => client.GetAsync<V1ConfigMap>(Key, None))).Reason.ShouldBe("MalformedAnswer");
        (await FailsAsync(() => client.ListAsync<V1ConfigMap>(new ListOptions(), None))).Reason.ShouldBe("MalformedAnswer");
        // Whoever said that deleted nothing.
        (await FailsAsync(() => client.DeleteAsync<V1ConfigMap>(Key, new DeleteOptions(), None))).Reason.ShouldBe("MalformedAnswer");
    }

    [Fact]
    public async Task A_refused_token_is_read_again_and_the_request_sent_once_more()
    {
        var file = _folder.Write("token", "old");
        using var client = new KubeClient(new KubeConfig { Server = _server.Address, TokenFile = file }, new KubeClientOptions());
        await client.GetAsync<V1ConfigMap>(Key, None);
        _folder.Write("token", "new");
        _server.Faults.Next(new Fault.Refuse(401, "Unauthorized"), when: request => request.Authorization == "Bearer old");

        await client.CreateAsync(Map(), None);

        _server.Requests.Select(request => request.Authorization).ShouldBe(["Bearer old", "Bearer old", "Bearer new"]);
    }

    [Fact]
    public async Task A_refused_token_that_is_still_in_the_file_is_not_sent_again()
    {
        var file = _folder.Write("token", "s3cret");
        using var client = new KubeClient(new KubeConfig { Server = _server.Address, TokenFile = file }, new KubeClientOptions());
        _server.Faults.Next(new Fault.Refuse(401, "Unauthorized"));

        var error = await FailsAsync(() => client.CreateAsync(Map(), None));

        error.IsUnauthorized.ShouldBeTrue();
        error.ToString().ShouldNotContain("s3cret");
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_plugins_token_is_renewed_when_refused()
    {
        var program = _folder.WriteProgram("plugin",
            $$$"""
            count=$(cat {{{_folder.Path}}}/count 2>/dev/null || echo 0)
            echo $((count + 1)) > {{{_folder.Path}}}/count
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t'$count'"}}'
            """);
        var plugin = new ExecPlugin { ApiVersion = "client.authentication.k8s.io/v1", Command = program, InteractiveMode = ExecInteractiveMode.Never };
        _server.Faults.Next(new Fault.Refuse(401, "Unauthorized"));
        using var client = new KubeClient(new KubeConfig { Server = _server.Address, Exec = plugin }, new KubeClientOptions());

        await client.CreateAsync(Map(), None);

        _server.Requests.Select(request => request.Authorization).ShouldBe(["Bearer t0", "Bearer t1"]);
    }

    [Fact]
    public async Task A_token_that_cannot_change_is_refused_for_good()
    {
        _server.Faults.Next(new Fault.Refuse(401, "Unauthorized"));
        using var client = new KubeClient(new KubeConfig { Server = _server.Address, Token = "t" }, new KubeClientOptions());

        (await FailsAsync(() => client.GetAsync<V1ConfigMap>(Key, None))).IsUnauthorized.ShouldBeTrue();
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Logs_are_read_as_text()
    {
        _server.SetLog("shop", "p", "build", "one\ntwo\nthree\n");
        using var client = _server.NewClient();

        (await client.LogsAsync(new NamespacedName("shop", "p"), new LogOptions { Container = "build", TailLines = 2 }, None)).ShouldBe("two\nthree\n");
        _server.Requests[^1].Query["container"].ShouldBe("build");
    }

    [Fact]
    public async Task Every_attempt_is_counted_with_its_code()
    {
        var codes = new List<object?>();
        using var listener = new System.Diagnostics.Metrics.MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "rest_client_requests_total")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            if (tags.ToArray().Any(tag => tag.Key == "host" && (string?)tag.Value == _server.Address.Authority))
            {
                codes.Add(tags.ToArray().First(tag => tag.Key == "code").Value);
            }
        });
        listener.Start();
        _server.Faults.Next(new Fault.Refuse(503, "Busy", RetryAfterSeconds: 0));
        using var client = _server.NewClient();

        await client.GetAsync<V1ConfigMap>(Key, None);

        codes.ShouldBe(["503", "404"]);
    }

    public async Task InitializeAsync() => _server = await FakeApiServer.StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private static V1ConfigMap Map() => new() { Metadata = new ObjectMeta { Name = Key.Name, Namespace = Key.Namespace } };

    private static async Task<ApiException> FailsAsync(Func<Task> action) => await Should.ThrowAsync<ApiException>(action);
}
