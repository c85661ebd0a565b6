using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;

namespace Lambent.Kernel.Functions.Commands;

/// <summary>
/// Freezes $LATEST as a numbered version. When nothing changed since the newest version, that one is the result and
/// nothing is published.
/// </summary>
public sealed record PublishVersion
{
    /// <summary>Null: the description of $LATEST.</summary>
    public string? Description { get; init; }

    /// <summary>The digest the caller expects, base64; null for any.</summary>
    public string? CodeSha256 { get; init; }

    /// <summary>The revision the caller has seen, or null for any.</summary>
    public string? RevisionId { get; init; }

    /// <summary>The number of the result is <see cref="Function.LastPublishedVersion"/>.</summary>
    public static Result<Function> Apply(Function? state, PublishVersion command, CommandContext context)
    {
        if (state is null)
        {
            return FunctionErrors.NotFound(context.Arn);
        }

        if (command.RevisionId is { } revision && revision != state.Latest.RevisionId)
        {
            return FunctionErrors.WrongRevision();
        }

        var digest = state.Latest.Code.Sha256Base64;
        if (command.CodeSha256 is { Length: > 0 } expected && expected != digest)
        {
            return FunctionErrors.InvalidParameter(
                $"CodeSHA256 ({expected}) is different from current CodeSHA256 in $LATEST ({digest}). "
                + "Please try again with the CodeSHA256 in $LATEST.",
                "CodeSha256");
        }

        if (FunctionErrors.Busy(state.Latest, context.Arn) is { } busy)
        {
            return busy;
        }

        if (state.Latest.State == FunctionState.Failed)
        {
            return FunctionErrors.NotReady(state.Latest.State);
        }

        return state.Versions.TryGetValue(state.LastPublishedVersion, out var newest) && IsSame(newest, state.Latest)
            ? state
            : Append(state, command.Description, context);
    }

    /// <summary>Publishes whatever state $LATEST is in; a version of one that is not activated is pending.</summary>
    internal static Function Append(Function state, string? description, CommandContext context)
    {
        var number = state.LastPublishedVersion + 1;
        var latest = state.Latest;
        var version = latest with
        {
            Version = number.ToString(CultureInfo.InvariantCulture),
            Description = description ?? latest.Description,
            RevisionId = context.NewRevisionId(),
        };

        // What has not been activated yet, or could not be, has to be for the version of its own.
        if (FinishActivation.IsNeeded(latest) || latest.LastUpdateStatus == UpdateStatus.Failed)
        {
            version = FunctionStates.Creating(version);
        }

        Debug.Assert(!state.Versions.ContainsKey(number), "A version number is used once");
        return state with { Versions = state.Versions.Add(number, version), LastPublishedVersion = number };
    }

    /// <summary>
    /// Whether $LATEST is still what was published. A description given at publishing makes the two differ without
    /// any change, so descriptions count only when $LATEST was touched since.
    /// </summary>
    private static bool IsSame(FunctionVersion published, FunctionVersion latest) =>
        (published.LastModifiedAt == latest.LastModifiedAt || published.Description == latest.Description)
        && published.Code == latest.Code
        && published.Layers.SequenceEqual(latest.Layers)
        && HaveSameVariables(published.Variables, latest.Variables)
        && WithoutIdentity(published, latest) == latest;

    /// <summary>The published version as far as records compare it, with $LATEST's own of everything else.</summary>
    private static FunctionVersion WithoutIdentity(FunctionVersion published, FunctionVersion latest) =>
        published with
        {
            Version = latest.Version,
            Description = latest.Description,
            Layers = latest.Layers,
            Variables = latest.Variables,
            State = latest.State,
            StateReason = latest.StateReason,
            StateReasonCode = latest.StateReasonCode,
            LastUpdateStatus = latest.LastUpdateStatus,
            LastUpdateStatusReason = latest.LastUpdateStatusReason,
            LastUpdateStatusReasonCode = latest.LastUpdateStatusReasonCode,
            LastModifiedAt = latest.LastModifiedAt,
            RevisionId = latest.RevisionId,
        };

    private static bool HaveSameVariables(
        ImmutableSortedDictionary<string, string>? left, ImmutableSortedDictionary<string, string>? right) =>
        (left ?? ImmutableSortedDictionary<string, string>.Empty)
            .SequenceEqual(right ?? ImmutableSortedDictionary<string, string>.Empty);
}
