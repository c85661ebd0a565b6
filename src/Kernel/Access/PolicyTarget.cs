using System.Globalization;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;

namespace Lambent.Kernel.Access;

/// <summary>What a policy belongs to: a function, one of its aliases or one of its versions.</summary>
/// <param name="Key">The key in <see cref="Function.Policies"/>.</param>
/// <param name="Arn">The ARN that statements are for.</param>
/// <param name="RevisionId">The revision of the alias or version; a policy that does not exist yet has it.</param>
internal sealed record PolicyTarget(string Key, string Arn, string RevisionId)
{
    /// <summary>Fails as AWS does, which words it differently for an alias and a version.</summary>
    public static Result<PolicyTarget> Find(Function function, string? qualifier, CommandContext context)
    {
        if (qualifier is null)
        {
            return new PolicyTarget(Function.Unqualified, context.Arn, function.Latest.RevisionId);
        }

        var arn = $"{context.Arn}:{qualifier}";
        if (qualifier == FunctionVersion.LatestName)
        {
            return FunctionErrors.InvalidParameter(
                "We currently do not support adding policies for $LATEST.", "Qualifier");
        }

        if (function.Aliases.TryGetValue(qualifier, out var alias))
        {
            return new PolicyTarget(qualifier, arn, alias.RevisionId);
        }

        if (long.TryParse(qualifier, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && function.Versions.TryGetValue(number, out var version)
            && version.Version == qualifier)
        {
            return new PolicyTarget(qualifier, arn, version.RevisionId);
        }

        var couldBeAlias = !qualifier.Contains('$', StringComparison.Ordinal) && !qualifier.All(char.IsAsciiDigit);
        return couldBeAlias
            ? new Error(ErrorCode.ResourceNotFound, $"Cannot find alias arn: {arn}")
            : FunctionErrors.NotFound(context.Arn, qualifier);
    }
}
