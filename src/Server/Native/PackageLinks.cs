using Lambent.Kernel.Access;
using Lambent.Kernel.Storage;
using Lambent.Protocol.Signing;
using Lambent.Server.Functions;

namespace Lambent.Server.Native;

/// <summary>
/// Presigned addresses of packages, signed with a key of the account that may see them; good for ten minutes.
/// </summary>
internal sealed class PackageLinks(IStore store, Func<Uri> address, string region, TimeProvider time) : IPackageLinks
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public Uri Download(Principal principal, string digest, string? layerArn = null)
    {
        var package = new Uri(address(), Address(digest, layerArn));
        if (store.Read(transaction => transaction.Accounts.ListKeys(principal.Account)) is not [var key, ..])
        {
            // A function's session outlived the account's last key: the address then needs a signature of its own.
            return package;
        }

        var signer = new RequestSigner(new SigningCredentials(key.Id, key.Secret), region, "lambda");
        return signer.Presign("GET", package, Lifetime, time.GetUtcNow());
    }

    /// <summary>The path and query, without a signature.</summary>
    public static string Address(string digest, string? layerArn) => layerArn is null
        ? $"/v1/packages/{digest}"
        : $"/v1/packages/{digest}?{BlobOperations.LayerParameter}={Uri.EscapeDataString(layerArn)}";
}
