using Shouldly;
using Slipway.Ledger.Env;
using Xunit;

namespace Slipway.Ledger.Tests.Env;

public sealed class EnvKeyFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"slipway-test-{Guid.NewGuid():N}.keys");

    [Fact]
    public void A_rotation_is_seen_at_the_next_look()
    {
        var keys = new EnvKeyFile(_path);
        File.WriteAllText(_path, EnvScene.TextOf("first"));
        var cipher = new EnvCipher(keys.Read);
        var old = cipher.Encrypt([1, 2, 3], "here");
        File.WriteAllText(_path, EnvScene.TextOf("second", "first"));

        cipher.Primary.ShouldBe("second");
        (old.KeyId, cipher.Encrypt([1], "here").KeyId).ShouldBe(("first", "second"));
        cipher.Decrypt(old, "here").ShouldBe([1, 2, 3]);
        File.WriteAllText(_path, EnvScene.TextOf("second"));
        Should.Throw<EnvKeyUnavailableException>(() => cipher.Decrypt(old, "here")).Message.ShouldContain("\"first\"");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_file_it_says_how_to_give_one(string? path) =>
        Should.Throw<EnvKeyUnavailableException>(() => new EnvKeyFile(path).Read()).Message.ShouldContain("--env-keys-file or SLIPWAY_ENV_KEYS_FILE");

    [Fact]
    public void A_file_that_is_absent_or_broken_is_named_and_its_content_is_not()
    {
        var keys = new EnvKeyFile(_path);
        Should.Throw<EnvKeyUnavailableException>(keys.Read).Message.ShouldContain(_path);
        File.WriteAllText(_path, "hush");
        var error = Should.Throw<EnvKeyUnavailableException>(keys.Read);
        error.Message.ShouldContain($"({_path}) cannot be read: line 1 ");
        error.ToString().ShouldNotContain("hush");
        Should.Throw<EnvKeyUnavailableException>(new EnvKeyFile(Path.GetTempPath()).Read);
    }

    public void Dispose() => File.Delete(_path);
}
