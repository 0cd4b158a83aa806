using Slipway.Manifests;

const string Usage = """
    usage: Manifests [--check] <repository root>

    Writes from the types and tables in src: definitions and roles (config, charts/slipway/files), docs/state-machine.md and docs/security.md.
    --check writes nothing: it lists the files that are not up to date, and exits with 1 if there are any.
    """;

var check = args.Contains("--check");
var roots = args.Where(argument => argument != "--check").ToList();
if (roots.Count != 1 || roots[0].StartsWith('-'))
{
    Console.Error.WriteLine(Usage);
    return 2;
}

var stale = Folder.Stale(roots[0], GeneratedFiles.All());
foreach (var (path, _) in stale)
{
    Console.WriteLine(check ? $"{path} is not up to date" : $"wrote {path}");
}

if (!check)
{
    Folder.Write(roots[0], stale);
    return 0;
}

if (stale.Count > 0)
{
    Console.Error.WriteLine("Run make generate, and commit what it writes.");
}

return stale.Count == 0 ? 0 : 1;
