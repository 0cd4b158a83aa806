using Shouldly;
using Slipway.DemoData.Scripts;
using Xunit;

namespace Slipway.DemoData.Tests.Scripts;

public sealed class FolderTests : ScriptScene
{
    [Fact]
    public async Task Migrations_run_in_ordinal_order_of_their_names()
    {
        Write("0001_a.sql", "CREATE TABLE names (number int GENERATED ALWAYS AS IDENTITY, name text); INSERT INTO names (name) VALUES ('0001_a')");
        Write("10_B.sql", "INSERT INTO names (name) VALUES ('10_B')");
        Write("2_c.sql", "-- nothing yet");
        Write("10_b.SQL", "INSERT INTO names (name) VALUES ('10_b')");
        Write("readme.md", "no SQL");
        Write("1.csv", "no SQL");
        Write("._0001_a.sql", "no SQL");
        Directory.CreateDirectory(Path.Combine(Folder, "0000.sql"));

        var migrations = new MigrationFolder(Folder);
        migrations.Description.ShouldBe($"folder {Folder} (4 files)");
        (await migrations.ApplyAsync(Connection, default)).ShouldBe(4);
        (await ReadAsync("SELECT name FROM names ORDER BY number")).ShouldBe(["0001_a", "10_B", "10_b"]);
    }

    [Fact]
    public void A_folder_without_scripts_is_refused_by_name()
    {
        var (file, missing) = (Path.Combine(Folder, "a.txt"), Path.Combine(Folder, "missing"));
        Write("a.txt", "");
        Message(() => new MigrationFolder(missing), DemoDataFault.BrokenMigration).ShouldBe($"there is no folder {missing}");
        Message(() => new MigrationFolder(file), DemoDataFault.BrokenMigration).ShouldBe($"{file} is a file; name the folder that it is in");
        Message(() => new MigrationFolder(Folder), DemoDataFault.BrokenMigration).ShouldBe($"there is no .sql file in {Folder}");
        Message(() => new DataFolder(Folder, null), DemoDataFault.BrokenDataSet).ShouldBe($"there is no .sql or .csv file in {Folder}");
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_told()
    {
        var path = Path.Combine(Folder, "1.sql");
        File.CreateSymbolicLink(path, Path.Combine(Folder, "gone"));
        Message(() => new MigrationFolder(Folder), DemoDataFault.BrokenMigration).ShouldStartWith($"{path} cannot be read: ");
    }

    [Fact]
    public void What_is_not_closed_shows_before_the_database_is_touched()
    {
        Write("1.sql", "SELECT 1;\nSELECT 'x");
        var message = $"{Path.Combine(Folder, "1.sql")}, line 2: the quote that begins here is not closed";
        Message(() => new MigrationFolder(Folder), DemoDataFault.BrokenMigration).ShouldBe(message);
        Message(() => new DataFolder(Folder, null), DemoDataFault.BrokenDataSet).ShouldBe(message);
    }

    [Fact]
    public async Task Migrations_may_come_from_anywhere()
    {
        var migrations = new Migrations("built in", [ScriptSource.Of("b.sql", "CREATE TABLE t (id int); SELECT 1"), ScriptSource.Of("a.sql", "SELECT * FROM t")]);
        migrations.Description.ShouldBe("built in");
        (await migrations.ApplyAsync(Connection, default)).ShouldBe(3);
    }

    private static string Message(Func<object> open, DemoDataFault fault)
    {
        var error = Should.Throw<DemoDataException>(() => { open(); });
        error.Fault.ShouldBe(fault);
        return error.Message;
    }
}
