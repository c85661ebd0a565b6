using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Aws.Lambda;

/// <summary>
/// What an account's code takes, counted as AWS does: each version of each function and layer by its zip file, though
/// equal files are stored once.
/// </summary>
internal static class CodeStorage
{
    public static long UsedBytes(LambdaServices services, AccountId account) =>
        FunctionBytes(services, account)
        + services.Store.Read(transaction => LayerBytes(transaction, account));

    /// <summary>The refusal of a package that the account has no room for, or null.</summary>
    public static Error? Check(LambdaServices services, AccountId account, long addedBytes) =>
        UsedBytes(services, account) + addedBytes <= Limits.CodeStorageBytesMax
            ? null
            : new Error(
                ErrorCode.CodeStorageExceeded,
                $"Code storage limit exceeded: an account has {Limits.CodeStorageBytesMax} bytes. "
                + "Delete versions that are not needed any more.");

    private static long FunctionBytes(LambdaServices services, AccountId account) =>
        services.Functions.Directory.All()
            .Select(snapshot => snapshot.Function)
            .Where(function => function.Id.Account == account)
            .Sum(function => function.Latest.Code.SizeBytes
                + function.Versions.Values.Sum(version => version.Code.SizeBytes));

    private static long LayerBytes(ITransaction transaction, AccountId account)
    {
        var bytes = 0L;
        foreach (var newest in transaction.Layers.ListNewest(account, null, int.MaxValue))
        {
            bytes += transaction.Layers.ListVersions(account, newest.Name, null, int.MaxValue)
                .Sum(version => version.Content.SizeBytes);
        }

        return bytes;
    }
}
