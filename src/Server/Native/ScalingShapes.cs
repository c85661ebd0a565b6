using System.Text.Json.Serialization;
using Lambent.Kernel.Scaling.Control;
using Lambent.Server.Scaling;

namespace Lambent.Server.Native;

/// <summary>
/// The shapes of /v1/scaling. Decisions are written with all their numbers, so that what was recorded can be decided
/// again by another version of the server.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ScalingAnswer))]
[JsonSerializable(typeof(ScalingDecisionsAnswer))]
[JsonSerializable(typeof(ScalingReplayRequest))]
[JsonSerializable(typeof(ScalingReplayAnswer))]
internal sealed partial class ScalingJson : JsonSerializerContext;

/// <summary>What was decided last about everything that has the name.</summary>
internal sealed record ScalingAnswer(string Name, IReadOnlyList<ScalingControllerAnswer> Controllers);

/// <param name="Controller">calls, or the source's kind.</param>
/// <param name="Function">Whose calls.</param>
/// <param name="Version">The version, for calls whose callers wait.</param>
/// <param name="Source">The source's name, for a source.</param>
/// <param name="Explanation">Sentences.</param>
/// <param name="Last">The last decision with its numbers.</param>
internal sealed record ScalingControllerAnswer(
    string Controller,
    string Function,
    string? Version,
    string? Source,
    IReadOnlyList<string> Explanation,
    ScalingRecord Last)
{
    public static ScalingControllerAnswer Of(ScalingView view) => new(
        NameOf(view),
        view.Function.Name,
        view.Version,
        view.Source?.Name,
        ScalingExplanation.Of(view.Last!),
        view.Last!);

    public static string NameOf(ScalingView view) => view.Source?.Kind ?? "calls";
}

internal sealed record ScalingDecisionsAnswer(string Name, IReadOnlyList<ScalingHistoryAnswer> Controllers);

/// <summary>The kept decisions of one controller, oldest first.</summary>
internal sealed record ScalingHistoryAnswer(
    string Controller,
    string Function,
    string? Version,
    string? Source,
    IReadOnlyList<ScalingRecord> Decisions);

/// <summary>What <see cref="ScalingDecisionsAnswer"/> said, maybe long ago and elsewhere.</summary>
internal sealed record ScalingReplayRequest(IReadOnlyList<ScalingHistoryAnswer?>? Controllers);

/// <param name="Replayed">Decisions that were made again.</param>
/// <param name="Differing">Those that came out differently.</param>
internal sealed record ScalingReplayAnswer(int Replayed, IReadOnlyList<ScalingDifferenceAnswer> Differing);

/// <summary>A decision that is another one now.</summary>
internal sealed record ScalingDifferenceAnswer(
    string Controller,
    string Function,
    string? Source,
    long Number,
    DateTimeOffset At,
    ScalingDecision Recorded,
    ScalingDecision Now);
