using System.Text;
using Shouldly;
using Slipway.Ledger.Env;
using Xunit;

namespace Slipway.Ledger.Tests.Env;

public sealed class EnvCipherTests
{
    private const string Place = "the variables of stack team/shop, revision 3";
    private static readonly byte[] Plain = Encoding.UTF8.GetBytes("""{"A":"hush-4711"}""");

    private readonly EnvCipher _cipher = new(() => EnvScene.KeysOf("new", "old"));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public void What_was_encrypted_is_decrypted(int length)
    {
        var plain = Enumerable.Range(0, length).Select(number => (byte)number).ToArray();
        _cipher.Decrypt(_cipher.Encrypt(plain, Place), Place).ShouldBe(plain);
    }

    [Fact]
    public void An_older_key_decrypts_what_it_encrypted()
    {
        var old = new EnvCipher(() => EnvScene.KeysOf("old")).Encrypt(Plain, Place);
        _cipher.Decrypt(old, Place).ShouldBe(Plain);
    }

    [Fact]
    public void The_same_encrypted_twice_has_nothing_in_common_and_nothing_of_the_original()
    {
        var many = Enumerable.Range(0, 100).Select(_ => _cipher.Encrypt(Plain, Place).Content).ToList();

        many.Select(content => Convert.ToHexString(content[..12])).Distinct().Count().ShouldBe(100, "nonces");
        many.Select(content => Convert.ToHexString(content[28..])).Distinct().Count().ShouldBe(100, "texts");
        many.ShouldAllBe(content => !Encoding.Latin1.GetString(content).Contains("hush"));
    }

    [Fact]
    public void Not_a_single_byte_can_be_changed()
    {
        var stored = _cipher.Encrypt(Plain, Place);
        for (var index = 0; index < stored.Content.Length; index++)
        {
            var changed = stored with { Content = [.. stored.Content] };
            changed.Content[index] ^= 1;
            ShouldNotFit(changed, Place);
        }
    }

    [Fact]
    public void Nor_can_a_part_be_taken_away_or_added()
    {
        var stored = _cipher.Encrypt(Plain, Place);
        for (var length = 0; length < stored.Content.Length; length++)
        {
            ShouldNotFit(stored with { Content = stored.Content[..length] }, Place);
        }

        ShouldNotFit(stored with { Content = [.. stored.Content, 0] }, Place);
    }

    [Theory]
    [InlineData("the variables of stack team/shop, revision 2")]
    [InlineData("the variables of stack other/shop, revision 3")]
    [InlineData("")]
    public void In_another_place_it_does_not_decrypt(string place) => ShouldNotFit(_cipher.Encrypt(Plain, Place), place);

    [Fact]
    public void Another_key_does_not_decrypt_it_also_under_the_same_id()
    {
        var stored = _cipher.Encrypt(Plain, Place);

        ShouldNotFit(stored with { KeyId = "old" }, Place);
        Should.Throw<EnvKeyUnavailableException>(() => _cipher.Decrypt(stored with { KeyId = "gone" }, Place)).Message.ShouldContain("\"gone\"");
    }

    private void ShouldNotFit(EnvCiphertext stored, string place)
    {
        var message = Should.Throw<EnvKeyUnavailableException>(() => _cipher.Decrypt(stored, place)).Message;
        message.ShouldStartWith($"the key \"{stored.KeyId}\" does not fit what is stored for {place}");
        message.ShouldNotContain("hush");
    }
}
