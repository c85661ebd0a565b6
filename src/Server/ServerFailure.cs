namespace Lambent.Server;

/// <summary>What kept the server from starting, as far as the fix differs.</summary>
public enum ServerFailureKind
{
    Other,

    /// <summary>Another process uses the data folder; the message names it.</summary>
    DataFolderHeld,

    PortTaken,
}

/// <summary>Why the server did not start.</summary>
/// <param name="Kind">What kind of fix it needs.</param>
/// <param name="Code">The stable error code.</param>
/// <param name="Message">What happened, in a sentence or two.</param>
public sealed record ServerFailure(ServerFailureKind Kind, string Code, string Message);
