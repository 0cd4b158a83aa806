using Npgsql;
using Shouldly;
using Slipway.DemoData.PetGrooming;
using Slipway.Testing;
using Xunit;

namespace Slipway.DemoData.Tests.PetGrooming;

public sealed class MisfitTests
{
    private const string FromWaiting = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

    private static readonly PetGroomingData Data = new(DemoProfile.Dev, 1, null);

    [Theory]
    [InlineData("DROP TABLE visit_logs", "visit_logs", "relation \"visit_logs\" does not exist")]
    [InlineData("ALTER TABLE pets DROP COLUMN breed", "pets", "column \"breed\" of relation \"pets\" does not exist")]
    [InlineData("ALTER TABLE pets ADD colour text NOT NULL", "pets", "null value in column \"colour\"")]
    [InlineData("ALTER TABLE invoices ALTER COLUMN notes TYPE uuid USING NULL", "invoices", "incorrect binary data format")]
    [InlineData("ALTER TABLE invoices ALTER COLUMN subtotal_cents TYPE bigint", "invoices", "a column has another type (insufficient data")]
    [InlineData("ALTER TABLE invoices ALTER COLUMN due_on TYPE timestamptz", "invoices", "a column has another type (insufficient data")]
    [InlineData("ALTER TABLE invoices ADD CHECK (total_cents < 1000)", "invoices", "violates check constraint")]
    [InlineData("INSERT INTO services VALUES (1, 'bath', NULL, true, 1, 1, 1, 1, 1, 'One', '')", "services", "duplicate key value")]
    public async Task A_schema_that_does_not_fit_is_told_with_table_and_remedy(string change, string table, string cause)
    {
        await using var database = await GroomingDatabase.CreateAsync();
        await database.RunAsync(change);

        var error = await Should.ThrowAsync<DemoDataException>(() => database.FillAsync(Data));

        error.Fault.ShouldBe(DemoDataFault.BrokenDataSet);
        error.Message.ShouldStartWith($"Table {table} cannot be filled: ");
        error.Message.ShouldContain(cause);
        error.Message.ShouldEndWith("The built-in data set needs the built-in migrations: run slipway reset-demo-data without --migrations.");
        (await database.ReadAsync("SELECT count(*) FROM staff")).ShouldBe(["0"]);
    }

    [Fact]
    public async Task Who_may_not_write_is_not_sent_to_the_migrations()
    {
        await using var database = await GroomingDatabase.CreateAsync();
        var role = $"reader_{Guid.NewGuid():N}";
        await database.RunAsync($"CREATE ROLE {role}");
        try
        {
            await using var connection = await database.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await GroomingDatabase.RunAsync(connection, $"SET ROLE {role}");
            var error = await Should.ThrowAsync<DemoDataException>(() => Data.FillAsync(connection, default));

            (error.Fault, error.Message).ShouldBe((DemoDataFault.BrokenDataSet, "Table staff cannot be filled: permission denied for table staff."));
        }
        finally
        {
            await database.RunAsync($"DROP ROLE {role}");
        }
    }

    [Fact]
    public async Task A_lock_that_takes_too_long_passes_through()
    {
        await using var database = await GroomingDatabase.CreateAsync();
        await using var holder = await database.OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await GroomingDatabase.RunAsync(holder, "LOCK TABLE pets");

        var error = await Should.ThrowAsync<PostgresException>(() => database.FillAsync(Data, settings: "Options=-c lock_timeout=50ms"));

        error.SqlState.ShouldBe(PostgresErrorCodes.LockNotAvailable);
    }

    [Fact]
    public async Task Cancelled_while_it_waits_it_ends_and_the_session_waits_no_longer()
    {
        await using var database = await GroomingDatabase.CreateAsync();
        await using var holder = await database.OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await GroomingDatabase.RunAsync(holder, "LOCK TABLE pets");
        using var cancellation = new CancellationTokenSource();

        await using var connection = await database.OpenAsync();
        await using var filled = await connection.BeginTransactionAsync();
        var filling = Data.FillAsync(connection, cancellation.Token);
        await SeeWaitingAsync(database, sessions: 1);
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => filling);
        await SeeWaitingAsync(database, sessions: 0);
        await filled.RollbackAsync();
    }

    [Fact]
    public async Task A_session_that_is_ended_passes_through()
    {
        await using var database = await GroomingDatabase.CreateAsync();
        await using var holder = await database.OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await GroomingDatabase.RunAsync(holder, "LOCK TABLE pets");

        var filling = database.FillAsync(Data);
        await SeeWaitingAsync(database, sessions: 1);
        await database.RunAsync($"SELECT pg_terminate_backend(pid) {FromWaiting}");

        (await Should.ThrowAsync<PostgresException>(() => filling)).SqlState.ShouldBe(PostgresErrorCodes.AdminShutdown);
    }

    [Fact]
    public async Task A_copy_takes_as_long_as_it_takes()
    {
        await using var database = await GroomingDatabase.CreateAsync();
        await database.RunAsync("""
            CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(6); RETURN NULL; END';
            CREATE TRIGGER dawdle AFTER INSERT ON staff EXECUTE FUNCTION dawdle();
            """);

        (await database.FillAsync(Data, settings: "Command Timeout=5"))[0].Rows.ShouldBe(4);
    }

    [Theory]
    [InlineData("groomer2@uat.example")]
    [InlineData("GROOMER2@UAT.EXAMPLE")]
    public async Task An_admin_email_that_somebody_else_has_is_refused(string email)
    {
        await using var database = await GroomingDatabase.CreateAsync();

        var data = new PetGroomingData(DemoProfile.Uat, 1, email);
        var error = await Should.ThrowAsync<DemoDataException>(() => database.FillAsync(data));

        (error.Fault, error.Message).ShouldBe((
            DemoDataFault.BrokenDataSet, $"The admin e-mail {email} is that of another member of staff, number 4: choose another one."));
        await database.FillAsync(new PetGroomingData(DemoProfile.Uat, 1, "manager1@uat.example"));
    }

    [Theory]
    [InlineData("admin")]
    [InlineData("@example.com")]
    [InlineData("admin@")]
    [InlineData("a@b@c")]
    [InlineData("admin @example.com")]
    [InlineData("admin\0@example.com")]
    public void What_is_no_email_address_is_refused(string email) =>
        Should.Throw<DemoDataException>(() => new PetGroomingData(DemoProfile.Dev, 1, email)).Fault.ShouldBe(DemoDataFault.BrokenDataSet);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task A_blank_admin_email_is_none(string email)
    {
        await using var database = await GroomingDatabase.FilledAsync(DemoProfile.Uat, adminEmail: email);

        (await database.ReadAsync("SELECT email FROM staff WHERE id = 1")).ShouldBe(["manager1@uat.example"]);
    }

    private static Task SeeWaitingAsync(GroomingDatabase database, int sessions) => Eventually.See(
        $"{sessions} sessions wait for the lock",
        () => database.ReadAsync($"SELECT pid {FromWaiting}"),
        waiting => waiting.Count == sessions);
}
