using Shouldly;
using Slipway.Kubernetes.Config;
using Xunit;

namespace Slipway.Kubernetes.Tests.Config;

public sealed class YamlFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Words_and_numbers_are_what_YAML_says_they_are() => Read("""
        text: word
        quoted: "5"
        number: 5
        negative: -5
        decimal: 2.5
        octal: 0644
        yes: yes
        true: true
        none: ~
        nothing:
        block: |
          two
          lines
        list: [1, a, {b: c}]
        """).ShouldBe("""{"text":"word","quoted":"5","number":5,"negative":-5,"decimal":2.5,"octal":420,"yes":"yes","true":true,"none":null,"nothing":null,"block":"two\nlines\n","list":[1,"a",{"b":"c"}]}""");

    [Fact]
    public void An_empty_file_says_nothing() => Read("# nothing\n").ShouldBe("{}");

    [Theory]
    [InlineData("a: [", "line 2")]
    [InlineData("a: 1\na: 2\n", "not valid YAML")]
    [InlineData("- a", "one mapping")]
    [InlineData("a: 1\n---\nb: 2\n", "one mapping")]
    [InlineData("[a]: 1", "a name is expected")]
    public void Names_the_file_and_the_cause(string text, string cause)
    {
        var error = Should.Throw<FormatException>(() => Read(text));

        error.Message.ShouldStartWith(Path.Combine(_folder.Path, "file.yaml"));
        error.Message.ShouldContain(cause);
    }

    public void Dispose() => _folder.Dispose();

    private string Read(string text) => YamlFile.Read(_folder.Write("file.yaml", text)).ToJsonString();
}
