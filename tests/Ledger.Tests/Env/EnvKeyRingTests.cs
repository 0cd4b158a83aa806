using Shouldly;
using Slipway.Ledger.Env;
using Xunit;

namespace Slipway.Ledger.Tests.Env;

public sealed class EnvKeyRingTests
{
    private const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private const string HexKey = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    [Fact]
    public void The_first_key_encrypts_and_all_are_found()
    {
        var ring = EnvKeyRing.Parse($"# rotated in May\r\n\r\n  new.2 : {Key} \n{EnvScene.TextOf("old")}");

        ring.Primary.ShouldBe("new.2");
        ring.Get("new.2").ShouldBe(Enumerable.Range(0, 32).Select(number => (byte)number));
        ring.Get("old").Length.ShouldBe(EnvKeyRing.KeySize);
        Should.Throw<EnvKeyUnavailableException>(() => ring.Get("NEW.2")).Message.ShouldContain("\"NEW.2\"");
    }

    [Theory]
    [InlineData(Key)]
    [InlineData($":{Key}")]
    [InlineData($"two words:{Key}")]
    [InlineData($"kéy:{Key}")]
    [InlineData("hush")]
    [InlineData("hush:")]
    [InlineData("hush:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")]
    [InlineData("hush:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==")]
    [InlineData("hush:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g")]
    [InlineData("hush:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh!=")]
    [InlineData("hush:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=x")]
    [InlineData($"hush:hush:{Key}")]
    [InlineData($"hush:{HexKey}")]
    [InlineData($"{HexKey}:hush")]
    [InlineData("wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")]
    [InlineData($"good:{Key}")]
    public void A_line_that_is_not_one_is_refused_by_its_number_and_nothing_of_it_is_told(string line)
    {
        var message = Should.Throw<FormatException>(() => EnvKeyRing.Parse($"# keys\ngood:{Key}\n\n{line}\n")).Message;

        message.ShouldStartWith("line 4");
        foreach (var part in line.Split(':').Append(line).Where(part => part.Length > 0))
        {
            message.ShouldNotContain(part);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n \n")]
    [InlineData("# none yet")]
    public void No_key_at_all_is_refused(string text) => Should.Throw<FormatException>(() => EnvKeyRing.Parse(text));
}
