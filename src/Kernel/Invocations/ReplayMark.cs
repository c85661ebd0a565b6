namespace Lambent.Kernel.Invocations;

/// <summary>What an asynchronous event that repeats a call is marked with.</summary>
/// <param name="Original">The request id of the call.</param>
/// <param name="Job">Those that were sent together; empty for one alone.</param>
public sealed record ReplayMark(string Original, string Job = "")
{
    private const string Prefix = "replay:";

    /// <summary>What a repeated call is listed as coming from.</summary>
    public string CameFrom => CameFromOf(Job);

    public static string CameFromOf(string job) => job.Length == 0 ? "replay" : Prefix + job;

    /// <summary>As an event's source.</summary>
    public override string ToString() => $"{Prefix}{Original}:{Job}";

    /// <summary>Null for a source that is none.</summary>
    public static ReplayMark? Parse(string source) =>
        source.StartsWith(Prefix, StringComparison.Ordinal)
        && source.IndexOf(':', Prefix.Length) is > 0 and var colon
            ? new ReplayMark(source[Prefix.Length..colon], source[(colon + 1)..])
            : null;
}
