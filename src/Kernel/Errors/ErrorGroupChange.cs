using Lambent.Kernel.Functions;

namespace Lambent.Kernel.Errors;

/// <summary>A group that people should hear of: a new one, or one that was resolved and came back.</summary>
/// <param name="Function">Where it was seen.</param>
/// <param name="GroupId">As the API names it.</param>
/// <param name="IsReopened">Otherwise it is new.</param>
/// <param name="RequestId">The call, or null when it was logged outside any.</param>
public sealed record ErrorGroupChange(
    FunctionId Function,
    string Version,
    string GroupId,
    bool IsReopened,
    string Type,
    string Message,
    string Culprit,
    string? RequestId,
    DateTimeOffset At);
