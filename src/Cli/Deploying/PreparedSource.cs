using Lambent.Cli.Packaging;

namespace Lambent.Cli.Deploying;

/// <summary>A source made ready: what it is called, how it runs, and its package.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Runtime">A runtime's identifier.</param>
/// <param name="Handler">As the runtime wants it.</param>
/// <param name="Reason">How runtime and handler were found out.</param>
/// <param name="Package">The zip.</param>
internal sealed record PreparedSource(
    string Name, string Runtime, string Handler, string Reason, PackedPackage Package);
