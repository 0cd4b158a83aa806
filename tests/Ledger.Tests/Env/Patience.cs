using Slipway.Ledger.Env;

namespace Slipway.Ledger.Tests.Env;

/// <summary>Asks again for as long as the ledger is said to be unavailable, as an operator does: on a busy machine a lock may take its time.</summary>
internal static class Patience
{
    public static async Task<EnvPatchRow> ApplyAsync(EnvScene scene, EnvPatchRequest request) =>
        (await UntilAvailableAsync(() => scene.ApplyAsync(request))).Patch!;

    public static async Task<T> UntilAvailableAsync<T>(Func<Task<T>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception error) when (LedgerFaults.IsUnavailable(error))
            {
                // Once more.
            }
        }
    }
}
