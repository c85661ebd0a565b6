namespace Lambent.Kernel.Functions;

/// <summary>How an environment of a runtime talks to the host.</summary>
public enum RuntimeProtocol
{
    /// <summary>Our shim, over frames on a Unix socket (docs/reference/frame-protocol.md).</summary>
    Frames,

    /// <summary>The package's own bootstrap, over the Lambda Runtime API.</summary>
    RuntimeApi,
}

/// <summary>A runtime that functions can name.</summary>
/// <param name="Name">The identifier in the API, such as nodejs20.x.</param>
/// <param name="Language">node, python, dotnet or custom.</param>
/// <param name="Protocol">How its environments talk to the host.</param>
/// <param name="LanguageVersion">The version the interpreter must have, such as 20 or 3.11; null for any.</param>
public sealed record RuntimeDefinition(
    string Name, string Language, RuntimeProtocol Protocol, string? LanguageVersion);

/// <summary>The table of runtimes. Whether one is installed on this machine is Sandbox's to say.</summary>
public static class Runtimes
{
    public static IReadOnlyDictionary<string, RuntimeDefinition> All { get; } = new RuntimeDefinition[]
    {
        new("nodejs18.x", "node", RuntimeProtocol.Frames, "18"),
        new("nodejs20.x", "node", RuntimeProtocol.Frames, "20"),
        new("nodejs22.x", "node", RuntimeProtocol.Frames, "22"),
        new("nodejs24.x", "node", RuntimeProtocol.Frames, "24"),
        new("python3.9", "python", RuntimeProtocol.Frames, "3.9"),
        new("python3.10", "python", RuntimeProtocol.Frames, "3.10"),
        new("python3.11", "python", RuntimeProtocol.Frames, "3.11"),
        new("python3.12", "python", RuntimeProtocol.Frames, "3.12"),
        new("python3.13", "python", RuntimeProtocol.Frames, "3.13"),
        new("python3.14", "python", RuntimeProtocol.Frames, "3.14"),
        // The shim is built for .NET 10, which loads assemblies that were built for 8.
        new("dotnet8", "dotnet", RuntimeProtocol.Frames, "10"),
        new("dotnet10", "dotnet", RuntimeProtocol.Frames, "10"),
        new("provided.al2023", "custom", RuntimeProtocol.RuntimeApi, null),
        new("provided.al2", "custom", RuntimeProtocol.RuntimeApi, null),
    }.ToDictionary(runtime => runtime.Name, StringComparer.Ordinal);

    /// <summary>Names that AWS retired; creating or updating a function with one is refused in AWS's words.</summary>
    public static IReadOnlySet<string> Deprecated { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "dotnet5.0", "dotnet6", "dotnet7",
        "go1.x", "java8", "nodejs", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "nodejs10.x",
        "nodejs12.x", "nodejs14.x", "nodejs16.x", "provided", "python2.7", "python3.6", "python3.7", "python3.8",
        "ruby2.5", "ruby2.7",
    };
}
