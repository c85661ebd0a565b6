using System.Globalization;

namespace Lambent.Kernel.Functions;

/// <summary>What every provisioned concurrency must be, and which versions it reaches.</summary>
public static class ProvisionedRules
{
    private static readonly Error Unpublished = FunctionErrors.InvalidParameter(
        "Provisioned Concurrency Configs cannot be applied to unpublished function versions.", "Qualifier");

    private static readonly Error NotPublished = FunctionErrors.InvalidParameter(
        "The function resource provided must be an alias or a published version.", "Qualifier");

    /// <summary>Why nothing can be provisioned for this qualifier, or null.</summary>
    /// <param name="state">The function, or null when there is none.</param>
    /// <param name="qualifier">What the caller named.</param>
    /// <param name="arn">The function's, without qualifier.</param>
    /// <param name="applies">Whether something is to be set; AWS words it otherwise for what is only asked.</param>
    public static Error? CheckTarget(Function? state, string qualifier, string arn, bool applies)
    {
        if (qualifier == FunctionVersion.LatestName)
        {
            return applies ? Unpublished : NotPublished;
        }

        if (qualifier.All(char.IsAsciiDigit))
        {
            return state is not null && VersionExists(state, qualifier)
                ? null
                : FunctionErrors.NotFound(arn, qualifier);
        }

        if (state is null || !state.Aliases.TryGetValue(qualifier, out var alias))
        {
            return new Error(ErrorCode.ResourceNotFound, $"Cannot find alias arn: {arn}:{qualifier}", "Qualifier");
        }

        if (!applies)
        {
            return null;
        }

        return alias.FunctionVersion == FunctionVersion.LatestName ? Unpublished
            : alias.AdditionalVersion is not null ? FunctionErrors.InvalidParameter(
                "Invalid alias configuration for Provisioned Concurrency", "Qualifier")
            : null;
    }

    /// <summary>
    /// Why an alias that has provisioned environments cannot point where it does now, or null. A second version is
    /// allowed here: it is how deployment tools move calls step by step.
    /// </summary>
    public static Error? CheckMoved(Function after, Alias alias)
    {
        if (!after.Provisioned.ContainsKey(alias.Name))
        {
            return null;
        }

        return alias.FunctionVersion == FunctionVersion.LatestName
            ? Unpublished
            : CheckConflicts(after, alias.Name);
    }

    /// <summary>A version and an alias of it cannot both have environments provisioned; several aliases can.</summary>
    public static Error? CheckConflicts(Function after, string qualifier)
    {
        if (after.Aliases.TryGetValue(qualifier, out var alias))
        {
            return after.Provisioned.ContainsKey(alias.FunctionVersion)
                || (alias.AdditionalVersion is { } second && after.Provisioned.ContainsKey(second))
                ? Conflict(
                    "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version")
                : null;
        }

        return after.Aliases.Values.Any(pointing =>
            (pointing.FunctionVersion == qualifier || pointing.AdditionalVersion == qualifier)
            && after.Provisioned.ContainsKey(pointing.Name))
            ? Conflict("Version is pointed by a Provisioned Concurrency alias")
            : null;
    }

    /// <summary>The most that all configurations of a function ask for together.</summary>
    public static int Total(Function function) =>
        (int)Math.Min(int.MaxValue, function.Provisioned.Values.Sum(provisioned => (long)provisioned.Peak));

    /// <summary>
    /// What a function takes away from what its account's functions share: its reservation, in which its provisioned
    /// environments are, or else those.
    /// </summary>
    public static int SetAside(Function function) => function.ReservedConcurrency ?? Total(function);

    /// <summary>Which versions a count is for: that of the alias, or two by their shares of the calls.</summary>
    public static IEnumerable<(string Version, int Count)> Shares(Function function, string qualifier, int count)
    {
        if (!function.Aliases.TryGetValue(qualifier, out var alias))
        {
            return [(qualifier, count)];
        }

        if (alias.AdditionalVersion is not { } second)
        {
            return [(alias.FunctionVersion, count)];
        }

        var forSecond = (int)Math.Round(count * alias.AdditionalVersionWeight, MidpointRounding.AwayFromZero);
        return [(alias.FunctionVersion, count - forSecond), (second, forSecond)];
    }

    private static bool VersionExists(Function function, string version) =>
        long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && function.Versions.TryGetValue(number, out var found)
        && found.Version == version;

    private static Error Conflict(string message) => new(ErrorCode.ResourceConflict, message, "Qualifier");
}
