using Shouldly;
using Slipway.Kubernetes.Config;
using Slipway.Kubernetes.Transport;
using Slipway.Testing;
using Xunit;

namespace Slipway.Kubernetes.Tests.Transport;

public sealed class TokenFileSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeClock _clock = new();
    private readonly TokenFileSource _source;

    public TokenFileSourceTests()
    {
        _folder.Write("token", "one\n");
        _source = new TokenFileSource(Path.Combine(_folder.Path, "token"), _clock);
    }

    [Fact]
    public async Task Is_read_again_every_minute()
    {
        (await TokenAsync()).ShouldBe("one");
        _folder.Write("token", "two");
        _clock.Advance(TimeSpan.FromSeconds(59));
        (await TokenAsync()).ShouldBe("one");

        _clock.Advance(TimeSpan.FromSeconds(1));
        (await TokenAsync()).ShouldBe("two");
    }

    [Fact]
    public async Task Is_read_again_when_refused()
    {
        var refused = await _source.GetAsync(CancellationToken.None);
        _folder.Write("token", "two");

        _source.Reject(refused).ShouldBeTrue();

        (await TokenAsync()).ShouldBe("two");
    }

    [Fact]
    public async Task The_last_token_is_used_on_while_the_file_cannot_be_read()
    {
        await TokenAsync();
        File.Delete(Path.Combine(_folder.Path, "token"));
        _clock.Advance(TimeSpan.FromMinutes(5));

        (await TokenAsync()).ShouldBe("one");

        _folder.Write("token", "two");
        (await TokenAsync()).ShouldBe("two");
    }

    [Theory]
    [InlineData(" \n")]
    [InlineData(null)]
    public async Task Without_a_first_token_there_is_an_error_that_names_the_file(string? text)
    {
        var path = Path.Combine(_folder.Path, "other");
        if (text is not null)
        {
            _folder.Write("other", text);
        }

        var source = new TokenFileSource(path, _clock);

        (await Should.ThrowAsync<KubeConfigException>(async () => await source.GetAsync(CancellationToken.None))).Message.ShouldContain(path);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string?> TokenAsync() => (await _source.GetAsync(CancellationToken.None)).Token;
}
