using System.Collections.Concurrent;
using Lambent.Sandbox.Isolation.ControlGroups;
using Lambent.Sandbox.Isolation.Launching;
using Lambent.Sandbox.Isolation.RunFolders;

namespace Lambent.Sandbox.Isolation;

/// <summary>What all drivers of one server share.</summary>
internal sealed record SandboxServices
{
    public required RunFolder RunFolder { get; init; }

    /// <summary>Where code is linked to for sandboxes that stand already; null: they cannot be given any.</summary>
    public required string? LinkedFoldersRoot { get; init; }

    public required IControlGroups ControlGroups { get; init; }

    public required MemoryWatch MemoryWatch { get; init; }

    /// <summary>Starts processes and learns of their ends.</summary>
    public required Reactor Launching { get; init; }

    /// <summary>Reads what processes print.</summary>
    public required Reactor Reading { get; init; }

    /// <summary>
    /// Visits sandboxes' networks. Its thread does nothing else: it changes what the kernel shows it.
    /// </summary>
    public required Reactor Visiting { get; init; }

    public required Orphans Orphans { get; init; }

    public required PlatformConnections PlatformConnections { get; init; }

    /// <summary>What runs now, so that none outlives the host.</summary>
    public ConcurrentDictionary<string, SandboxProcess> Running { get; } = new(StringComparer.Ordinal);

    public required TimeProvider Time { get; init; }

    public required Action<string> Warn { get; init; }
}
