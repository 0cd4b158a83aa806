using Npgsql;

namespace Slipway.DemoData.Catalog;

/// <summary>The server writes names with their schema wherever the search path does not lead to them.</summary>
internal static class SearchPath
{
    /// <summary>Asks for names that are qualified whatever the search path is, which is as before afterwards. In a transaction.</summary>
    public static async Task<T> WithoutAsync<T>(NpgsqlConnection connection, Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        var path = await connection.Command("SELECT current_setting('search_path')").ScalarAsync<string>(cancellationToken);
        await connection.RunAsync("SET LOCAL search_path = ''", cancellationToken);
        var answer = await ask();
        await connection.Command("SELECT set_config('search_path', $1, true)").With(path!).ScalarAsync<string>(cancellationToken);
        return answer;
    }
}
