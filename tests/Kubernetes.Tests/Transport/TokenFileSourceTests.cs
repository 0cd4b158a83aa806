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
    public async Task The_same_token_is_not_worth_another_try_when_refused()
    {
        var refused = await _source.GetAsync(CancellationToken.None);

        _source.Reject(refused).ShouldBeFalse();
        _source.Reject(await _source.GetAsync(CancellationToken.None)).ShouldBeFalse();

        _folder.Write("token", "two");
        _source.Reject(refused).ShouldBeTrue();
    }

    [Fact]
    public async Task A_late_refusal_finds_the_token_that_was_read_meanwhile()
    {
        var old = await _source.GetAsync(CancellationToken.None);
        _folder.Write("token", "two");
        _source.Reject(old);
        var current = await _source.GetAsync(CancellationToken.None);

        _source.Reject(old).ShouldBeTrue();

        (await _source.GetAsync(CancellationToken.None)).ShouldBeSameAs(current);
    }

    [Fact]
    public async Task Is_followed_through_the_links_by_which_a_volume_is_replaced_at_once()
    {
        _folder.Write("1/token", "one");
        _folder.Write("2/token", "two");
        string Of(string name) => Path.Combine(_folder.Path, name);
        File.CreateSymbolicLink(Of("..data"), "1");
        File.CreateSymbolicLink(Of("mounted"), Path.Combine("..data", "token"));
        var source = new TokenFileSource(Of("mounted"), _clock);
        (await source.GetAsync(CancellationToken.None)).Token.ShouldBe("one");

        File.Delete(Of("..data"));
        File.CreateSymbolicLink(Of("..data"), "2");
        _clock.Advance(TimeSpan.FromMinutes(1));

        (await source.GetAsync(CancellationToken.None)).Token.ShouldBe("two");
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    [InlineData("ex pired")]
    public async Task What_is_no_token_does_not_replace_one(string text)
    {
        await TokenAsync();
        _folder.Write("token", text);
        _clock.Advance(TimeSpan.FromMinutes(1));

        (await TokenAsync()).ShouldBe("one");
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
    [InlineData("s3cret\nlines")]
    [InlineData("s3crét")]
    [InlineData(null)]
    public async Task Without_a_first_token_there_is_an_error_that_names_the_file(string? text)
    {
        var path = Path.Combine(_folder.Path, "other");
        if (text is not null)
        {
            _folder.Write("other", text);
        }

        var source = new TokenFileSource(path, _clock);

        var error = await Should.ThrowAsync<KubeConfigException>(async () => await source.GetAsync(CancellationToken.None));
        error.Message.ShouldContain(path);
        error.ToString().ShouldNotContain("s3cr");
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string?> TokenAsync() => (await _source.GetAsync(CancellationToken.None)).Token;
}
