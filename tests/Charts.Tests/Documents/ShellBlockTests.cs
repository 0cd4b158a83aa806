using System.Text.RegularExpressions;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.Charts.Tests.Documents;

/// <summary>Commands in pages name files of this repository that are there. A bare file name is the reader's own.</summary>
public sealed partial class ShellBlockTests
{
    public static TheoryData<string> PagesWithCommands => new(Block.Pages.Where(page => Block.OfPage(page, "sh").Count > 0));

    [Theory]
    [MemberData(nameof(PagesWithCommands))]
    public void Every_file_of_the_repository_that_a_command_names_is_there(string page) =>
        Block.OfPage(page, "sh").SelectMany(block => Missing(block.Text).Select(path => $"{block}: {path}")).ShouldBeEmpty();

    [Theory]
    [InlineData("kubectl apply -f config/crds", "config/crds")]
    [InlineData("kubectl apply -f config/crd -f config/samples/pod.yaml", "config/samples/pod.yaml")]
    [InlineData("helm upgrade slipway charts/slip --values values.yaml", "charts/slip")]
    [InlineData("kubectl patch configmap a --patch-file=gitops/cm.yaml", "gitops/cm.yaml")]
    public void One_that_is_not_there_is_found(string command, string path) => Missing(command).ShouldBe([path]);

    private static IEnumerable<string> Missing(string commands) => PathInRepository().Matches(commands)
        .Select(match => match.Groups[1].Value).Where(path => !File.Exists(Repository.PathOf(path)) && !Directory.Exists(Repository.PathOf(path)));

    [GeneratedRegex(@"(?:^|[\s=""(])((?:charts|config|docs|gitops|hack|src|tests)/[A-Za-z0-9._/-]+)", RegexOptions.Multiline)]
    private static partial Regex PathInRepository();
}
