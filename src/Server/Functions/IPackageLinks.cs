using Lambent.Kernel.Access;

namespace Lambent.Server.Functions;

/// <summary>Makes the addresses that GetFunction and GetLayerVersion give for downloading code.</summary>
internal interface IPackageLinks
{
    /// <summary>An address that gives the zip file without further signature, for a limited time.</summary>
    /// <param name="principal">Who will use it.</param>
    /// <param name="digest">The package's digest; the caller was allowed to see the package.</param>
    /// <param name="layerArn">
    /// The layer version it is the content of, when the principal may see it for that; null for a function's code.
    /// </param>
    Uri Download(Principal principal, string digest, string? layerArn = null);
}
