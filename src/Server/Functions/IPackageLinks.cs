using Lambent.Kernel.Access;

namespace Lambent.Server.Functions;

/// <summary>Makes the addresses that GetFunction and GetLayerVersion give for downloading code.</summary>
internal interface IPackageLinks
{
    /// <summary>An address that gives the zip file without further signature, for a limited time.</summary>
    /// <param name="principal">Who will use it.</param>
    /// <param name="digest">The package's digest; the caller was allowed to see the package.</param>
    Uri Download(Principal principal, string digest);
}
