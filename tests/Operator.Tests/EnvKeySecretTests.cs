using System.Text;
using Shouldly;
using Slipway.Crds.Meta;
using Slipway.Kubernetes;
using Slipway.Kubernetes.Resources;
using Slipway.Ledger.Env;
using Slipway.Testing;
using Slipway.Testing.FakeApi;
using Xunit;

namespace Slipway.Operator.Tests;

/// <summary>The keys for variables as a Secret: read, made, and read again.</summary>
public sealed class EnvKeySecretTests : IAsyncLifetime
{
    private static readonly NamespacedName Key = new("home", EnvKeySecret.Name);

    private readonly FakeClock _clock = new();
    private readonly List<NamespacedName> _made = [];
    private FakeApiServer _server = null!;
    private KubeClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await FakeApiServer.StartAsync(_clock);
        _client = _server.NewClient();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Several_operators_make_one_key()
    {
        var operators = Enumerable.Range(0, 8).Select(_ => New(hasEncrypted: false)).ToList();

        await Task.WhenAll(operators.Select(one => one.LookAsync(default)));

        operators.Select(one => one.Read().Primary).Distinct().Count().ShouldBe(1);
        _made.ShouldBe([Key]);
    }

    [Fact]
    public async Task None_is_made_where_something_was_encrypted_and_where_it_is_only_read()
    {
        var operator1 = New(hasEncrypted: true);
        var repair = new EnvKeySecret(_client, Key.Namespace, null, _made.Add, _clock);

        await operator1.LookAsync(default);
        await repair.LookAsync(default);

        Should.Throw<EnvKeyUnavailableException>(operator1.Read).Message.ShouldContain($"{Key}: it is not there");
        Should.Throw<EnvKeyUnavailableException>(repair.Read);
        (await _client.GetAsync<V1Secret>(Key, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_rotation_counts_within_a_minute_and_what_cannot_be_read_changes_nothing()
    {
        await PutAsync(TestEnvKeys.Line("first"));
        var keys = New(hasEncrypted: true);
        await keys.LookAsync(default);
        using var over = new CancellationTokenSource();
        var running = keys.RunAsync(over.Token);

        await PutAsync($"{TestEnvKeys.Line("second")}\n{TestEnvKeys.Line("first")}");
        await SeeAsync(keys, "second");
        await PutAsync("no key");
        await SeeAsync(keys, "second");
        await _client.DeleteAsync<V1Secret>(Key, new DeleteOptions(), default);
        await SeeAsync(keys, "second");
        await PutAsync(TestEnvKeys.Line("third"));
        await SeeAsync(keys, "third");

        await over.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_Secret_that_is_wrong_is_told_without_what_is_in_it_and_looked_at_again_soon()
    {
        await PutAsync("canary-4711 is no key");
        var keys = New(hasEncrypted: true);
        await keys.LookAsync(default);
        using var over = new CancellationTokenSource();
        var running = keys.RunAsync(over.Token);

        var message = Should.Throw<EnvKeyUnavailableException>(keys.Read).Message;
        message.ShouldContain("line 1");
        message.ShouldNotContain("canary-4711");
        await PutAsync(TestEnvKeys.Line("first"));
        await _clock.TimerWithinAsync(TimeSpan.FromSeconds(5), default);
        _clock.Advance(TimeSpan.FromSeconds(5));
        await Eventually.See("the key", () => Record.Exception(keys.Read) is null);

        await over.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running);
    }

    private EnvKeySecret New(bool hasEncrypted) => new(_client, Key.Namespace, _ => Task.FromResult(hasEncrypted), _made.Add, _clock);

    /// <summary>Lets a minute pass, and waits until the Secret was looked at.</summary>
    private async Task SeeAsync(EnvKeySecret keys, string primary)
    {
        var looks = Looks();
        await _clock.TimerWithinAsync(TimeSpan.FromMinutes(1), default);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await Eventually.See("a look", () => Looks() > looks);
        await _clock.TimerWithinAsync(TimeSpan.FromMinutes(1), default);
        keys.Read().Primary.ShouldBe(primary);
    }

    private int Looks() => _server.Requests.Count(request => request.Method == "GET");

    private async Task PutAsync(string text)
    {
        await _client.DeleteAsync<V1Secret>(Key, new DeleteOptions(), default);
        await _client.CreateAsync(
            new V1Secret
            {
                Metadata = new ObjectMeta { Name = Key.Name, Namespace = Key.Namespace },
                Data = new Dictionary<string, byte[]> { [EnvKeySecret.Entry] = Encoding.UTF8.GetBytes(text) },
            },
            default);
    }
}
