using System.Text.RegularExpressions;
using System.Xml.Linq;
using Shouldly;
using Slipway.Testing;
using Xunit;

namespace Slipway.House.Tests;

/// <summary>The image is built somewhere else: what can be known of it here, is.</summary>
public sealed partial class DockerfileTests
{
    private static readonly IReadOnlyList<(string Word, string Text)> Instructions = Read();

    [Fact]
    public void It_builds_on_one_stage_and_ships_another()
    {
        Rest("FROM").Count.ShouldBe(2);
        Rest("FROM")[0].ShouldStartWith("--platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:");
        Rest("FROM")[0].ShouldEndWith(" AS build");
        Rest("FROM")[1].ShouldStartWith("mcr.microsoft.com/dotnet/runtime-deps:");
        Default("BASE_VERSION").ShouldEndWith("-chiseled");
        Shipped().Where(line => line.Word == "COPY").ShouldHaveSingleItem().Text.ShouldStartWith("--from=build ");
        Shipped().ShouldNotContain(line => line.Word == "RUN", "there is no shell in it");
    }

    [Fact]
    public void Every_base_is_pinned_by_version_and_can_be_by_digest()
    {
        foreach (var from in Rest("FROM"))
        {
            var names = Variable().Matches(from.Split(' ').Single(word => word.StartsWith("mcr.", StringComparison.Ordinal))).Select(match => match.Groups[1].Value).ToList();
            names.Count.ShouldBe(2, from);
            Version().IsMatch(Default(names[0])).ShouldBeTrue(from);
            names[1].ShouldEndWith("_DIGEST");
            Default(names[1]).ShouldBeEmpty("whoever builds says which, in the form @sha256:...");
        }
    }

    [Fact]
    public void The_SDK_is_one_that_this_checkout_builds_with()
    {
        var wanted = System.Version.Parse((string)Yaml.Read(Checkout.Read("global.json"))["sdk"]!["version"]!);
        var given = System.Version.Parse(Default("SDK_VERSION"));

        (given.Major, given.Minor).ShouldBe((wanted.Major, wanted.Minor));
        given.Build.ShouldBeGreaterThanOrEqualTo(wanted.Build);
        Default("BASE_VERSION").ShouldStartWith($"{wanted.Major}.{wanted.Minor}.");
    }

    [Fact]
    public void Everything_that_is_copied_exists_and_nothing_else_reaches_the_build()
    {
        var copied = Copied().ToList();
        var let = Checkout.Read(".dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();

        copied.ShouldAllBe(path => File.Exists(Checkout.PathOf(path)) || Directory.Exists(Checkout.PathOf(path)));
        copied.Select(path => path.Split('/')[0]).Distinct().ShouldBe(let, ignoreOrder: true);
        Checkout.Read(".dockerignore").Split('\n').Where(line => !line.StartsWith('#')).First().ShouldBe("*");
    }

    [Fact]
    public void The_projects_of_the_operator_are_all_there_before_the_restore()
    {
        var before = Instructions.TakeWhile(line => !line.Text.StartsWith("dotnet restore", StringComparison.Ordinal)).ToList();
        var copied = before.Where(line => line.Word == "COPY").SelectMany(Sources).ToList();

        copied.ShouldNotContain("src", "a change of the code must not fetch the packages again");
        copied.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)).ShouldBe(Projects("src/Operator/Operator.csproj"), ignoreOrder: true);
        copied.ShouldContain("src/Operator/Properties");
        foreach (var file in (string[])["global.json", "Directory.Build.props", "Directory.Packages.props"])
        {
            copied.ShouldContain(file);
        }

        before.Where(line => line.Word == "COPY" && line.Text.Contains(".csproj", StringComparison.Ordinal))
            .ShouldAllBe(line => line.Text.Split(' ', StringSplitOptions.None)[1] == Path.GetDirectoryName(line.Text.Split(' ', StringSplitOptions.None)[0]) + "/");
    }

    /// <summary>One profile, so that what is tested is what ships.</summary>
    [Fact]
    public void It_is_published_as_everywhere_else()
    {
        const string profile = "src/Operator/Properties/PublishProfiles/Shipped.pubxml";
        var commands = Rest("RUN").Append(PublishCommand().Match(Checkout.Read("hack/lib/publish.sh").Replace("\\\n", "", StringComparison.Ordinal)).Value).ToList();

        commands.Count.ShouldBe(3);
        commands.ShouldAllBe(command => command.Contains("-p:PublishProfile=Shipped", StringComparison.Ordinal));
        commands.ShouldAllBe(command => !Flag().IsMatch(command.Replace("-p:PublishProfile=", "", StringComparison.Ordinal)), "what else is said of it stands in the profile");
        commands.Where(command => command.Contains("dotnet publish", StringComparison.Ordinal)).ShouldAllBe(command => command.Contains("--configuration Release", StringComparison.Ordinal));
        Rest("RUN").ShouldAllBe(command => command.Contains("--arch $TARGETARCH", StringComparison.Ordinal));
        XDocument.Parse(Checkout.Read(profile)).Descendants().Where(element => !element.HasElements).ToDictionary(element => element.Name.LocalName, element => element.Value)
            .ShouldBe(
                new Dictionary<string, string>
                {
                    ["Configuration"] = "Release",
                    ["SelfContained"] = "true",
                    ["PublishTrimmed"] = "true",
                    ["PublishReadyToRun"] = "true",
                    ["PublishSingleFile"] = "true",
                },
                ignoreOrder: true);
    }

    [Fact]
    public void It_runs_the_program_as_the_user_that_the_chart_and_the_local_image_run_it_as()
    {
        var security = Yaml.Read(Checkout.Read("charts/slipway/values.yaml"))["podSecurityContext"]!;
        var local = Checkout.Read("hack/lib/slipway.sh");
        var user = Rest("USER").ShouldHaveSingleItem();
        var program = Rest("ENTRYPOINT").ShouldHaveSingleItem();

        user.ShouldBe($"{security["runAsUser"]}:{security["runAsGroup"]}");
        user.Split(':').ShouldAllBe(number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture) > 0);
        local.ShouldContain($"\"User\":\"{user}\"");
        local.ShouldContain($"\"Entrypoint\":{program}");
        Shipped().Single(line => line.Word == "COPY").Text.Split(' ')[^1].ShouldBe(program.Trim('[', ']', '"'));
        Instructions.ShouldNotContain(line => line.Word == "CMD" || line.Word == "HEALTHCHECK" || line.Word == "VOLUME");
    }

    [Fact]
    public void Its_labels_say_what_it_is_and_never_when_it_was_built()
    {
        var labels = Shipped().Where(line => line.Word == "LABEL").ShouldHaveSingleItem().Text;

        foreach (var name in (string[])["title", "description", "licenses", "version", "revision", "source"])
        {
            labels.ShouldContain($"org.opencontainers.image.{name}=");
        }

        labels.ShouldNotContain("created");
        Instructions.ShouldNotContain(line => line.Text.Contains("date", StringComparison.Ordinal));
        Default("VERSION").ShouldBe(XDocument.Parse(Checkout.Read("Directory.Build.props")).Descendants("Version").Single().Value);
    }

    private static List<(string Word, string Text)> Read() =>
    [
        .. Checkout.Read("Dockerfile").Replace("\\\n", "", StringComparison.Ordinal).Split('\n')
            .Where(line => line.Length > 0 && !line.StartsWith('#'))
            .Select(line => line.Split(' ', 2)).Select(parts => (parts[0], parts[1].Trim())),
    ];

    private static List<string> Rest(string word) => [.. Instructions.Where(line => line.Word == word).Select(line => line.Text)];

    private static IEnumerable<(string Word, string Text)> Shipped() => Instructions.Reverse().TakeWhile(line => line.Word != "FROM");

    private static string Default(string argument) =>
        Rest("ARG").Select(rest => rest.Split('=', 2)).Single(parts => parts[0] == argument && parts.Length == 2)[1];

    private static IEnumerable<string> Copied() => Instructions.Where(line => line.Word == "COPY" && !line.Text.StartsWith("--from", StringComparison.Ordinal)).SelectMany(Sources);

    private static IEnumerable<string> Sources((string Word, string Text) copy) => copy.Text.Split(' ').SkipLast(1);

    /// <summary>A project and all that it needs, from the root.</summary>
    private static IEnumerable<string> Projects(string project) =>
        XDocument.Parse(Checkout.Read(project)).Descendants("ProjectReference")
            .Select(reference => Path.GetRelativePath(Checkout.PathOf(""), Path.Combine(Checkout.PathOf(Path.GetDirectoryName(project)!), reference.Attribute("Include")!.Value)))
            .SelectMany(Projects).Append(project).Distinct();

    [GeneratedRegex(@"\$\{([A-Z_]+)\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^\d+\.\d+\.\d+(-[a-z-]+)?$")]
    private static partial Regex Version();

    [GeneratedRegex("dotnet publish .*")]
    private static partial Regex PublishCommand();

    [GeneratedRegex("-p:|--self-contained")]
    private static partial Regex Flag();
}
