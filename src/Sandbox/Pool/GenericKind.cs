using Lambent.Kernel.Environments;
using Lambent.Kernel.Functions;

namespace Lambent.Sandbox.Pool;

/// <summary>
/// What generic environments differ in, because it is settled when a sandbox starts: everything else a function
/// brings, it can bring later.
/// </summary>
/// <param name="Isolation">The name of an isolation driver, or null for the strongest.</param>
public readonly record struct GenericKind(
    RuntimeDefinition Runtime, int MemoryMegabytes, int EphemeralStorageMegabytes, string? Isolation)
{
    public bool UsesFrames => Runtime.Protocol == RuntimeProtocol.Frames;

    public static GenericKind Of(EnvironmentSpecification specification) => new(
        specification.Runtime,
        specification.MemoryMegabytes,
        specification.EphemeralStorageMegabytes,
        specification.Isolation);
}
