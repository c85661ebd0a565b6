using Lambent.Sandbox.Isolation.Native;

namespace Lambent.Sandbox.Isolation.Launching;

/// <summary>A program to start.</summary>
internal sealed record LaunchRequest
{
    /// <summary>Absolute path.</summary>
    public required string Program { get; init; }

    /// <summary>Without the program's own name.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>NAME=VALUE. The program starts with these variables and no others.</summary>
    public IReadOnlyList<string> Variables { get; init; } = [];

    /// <summary>What the program finds open, by the number it has there. Everything else is closed.</summary>
    public required IReadOnlyDictionary<int, Descriptor> Descriptors { get; init; }

    /// <summary>Whether it leads a session and process group of its own.</summary>
    public bool NewSession { get; init; }
}
