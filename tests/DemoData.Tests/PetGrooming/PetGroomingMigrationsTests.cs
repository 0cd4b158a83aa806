using Shouldly;
using Slipway.DemoData.PetGrooming;
using Slipway.Testing;
using Xunit;

namespace Slipway.DemoData.Tests.PetGrooming;

public sealed class PetGroomingMigrationsTests
{
    [Fact]
    public async Task Can_be_applied_to_two_schemas_of_a_database()
    {
        await using var database = await GroomingDatabase.CreateAsync();
        await using (var connection = await database.OpenAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await GroomingDatabase.RunAsync(connection, "CREATE SCHEMA other; SET LOCAL search_path = other");
            await GroomingDatabase.MigrateAsync(connection);
            await new PetGroomingData(DemoProfile.Dev, 1, null).FillAsync(connection, default);
            await transaction.CommitAsync();
        }

        (await database.ReadAsync("SELECT count(*) FROM other.invoices")).ShouldBe(["1000"]);
        (await database.ReadAsync("SELECT count(*) FROM public.invoices")).ShouldBe(["0"]);
        (await database.ReadAsync("""
            SELECT conname FROM pg_constraint JOIN pg_class referred ON referred.oid = confrelid JOIN pg_class own ON own.oid = conrelid
            WHERE referred.relnamespace <> own.relnamespace
            """)).ShouldBeEmpty();
    }

    [Fact]
    public void All_files_of_the_folder_are_carried() =>
        PetGroomingMigrations.Files.Select(file => file.FileName).ShouldBe(
            Directory.GetFiles(Repository.PathOf("src/DemoData/PetGrooming/Migrations")).Select(path => Path.GetFileName(path)).Order());

    [Fact]
    public async Task Makes_the_tables_of_the_data_set_and_no_others()
    {
        await using var database = await GroomingDatabase.CreateAsync();

        (await database.ReadAsync("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"))
            .ShouldBe(new PetGroomingData(DemoProfile.Dev, 1, null).Tables, ignoreOrder: true);
        (await database.ReadAsync("SELECT extname FROM pg_extension")).ShouldBe(["plpgsql"]);
    }

    [Fact]
    public async Task Every_reference_has_an_index_and_every_table_a_comment()
    {
        await using var database = await GroomingDatabase.CreateAsync();

        (await database.ReadAsync("SELECT count(*) FROM pg_constraint WHERE contype = 'f'")).ShouldBe(["11"]);
        (await database.ReadAsync("""
            SELECT conrelid::regclass, conname FROM pg_constraint
            WHERE contype = 'f' AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = conrelid AND indkey[0] = conkey[1])
            """)).ShouldBeEmpty();
        (await database.ReadAsync("""
            SELECT relname FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND obj_description(oid, 'pg_class') IS NULL
            """)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("UPDATE invoices SET total_cents = total_cents + 1", "invoices_total")]
    [InlineData("UPDATE invoices SET tip_cents = -1, total_cents = total_cents - tip_cents - 1", "invoices_amounts")]
    [InlineData("UPDATE invoices SET status = 'paid', paid_at = NULL, payment_method = NULL", "invoices_paid")]
    [InlineData("UPDATE invoices SET number = 'INV-000001'", "invoices_number_unique")]
    [InlineData("UPDATE invoice_line_items SET quantity = quantity + 1", "invoice_line_items_amount")]
    [InlineData("UPDATE staff SET email = 'One@paws.example'", "staff_email_unique")]
    [InlineData("UPDATE clients SET email = 'One@paws.example'", "clients_email_unique")]
    [InlineData("UPDATE visit_logs SET finished_at = started_at", "visit_logs_times")]
    [InlineData("DELETE FROM pets", "visit_logs_pet_id_fkey")]
    public async Task What_makes_no_sense_cannot_be_written(string statement, string constraint)
    {
        await using var database = await GroomingDatabase.FilledAsync(DemoProfile.Dev);

        (await Should.ThrowAsync<Npgsql.PostgresException>(() => database.RunAsync(statement))).ConstraintName.ShouldBe(constraint);
    }
}
