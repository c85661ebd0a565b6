using System.Collections.Immutable;
using Lambent.Kernel.Access;

namespace Lambent.Kernel.Functions;

/// <summary>Turns the layer ARNs a caller configured into the files they mean.</summary>
public static class LayerResolution
{
    /// <summary>Adds what is malformed.</summary>
    public static void CheckForm(ConstraintViolations violations, IReadOnlyList<string?> arns)
    {
        if (arns.Count <= Limits.LayersMax
            && arns.Any(arn => !LayerArn.TryParse(arn, out var parsed) || parsed.Version is null))
        {
            violations.Add(
                $"[{string.Join(", ", arns.Select(arn => arn ?? "null"))}]",
                "layers",
                "Member must satisfy constraint: [Member must have length less than or equal to 2048, Member must "
                + "have length greater than or equal to 1, Member must satisfy regular expression pattern: "
                + $"{LayerArn.VersionPatternText}]");
        }
    }

    /// <summary>
    /// The layers in the order given. Those of another account need a policy that allows them; a missing one is
    /// refused in the same way as a forbidden one.
    /// </summary>
    /// <param name="arns">Well-formed, see <see cref="CheckForm"/>.</param>
    /// <param name="principal">Who configures the function.</param>
    /// <param name="region">This server's region.</param>
    /// <param name="layers">The table as the transaction sees it.</param>
    public static Result<ImmutableArray<LayerReference>> Resolve(
        IReadOnlyList<string> arns, Principal principal, string region, ILayerTable layers)
    {
        if (arns.Count > Limits.LayersMax)
        {
            return Invalid($"Cannot reference more than {Limits.LayersMax} layers.");
        }

        var resolved = ImmutableArray.CreateBuilder<LayerReference>(arns.Count);
        var seen = new Dictionary<(AccountId Account, string Name), string>();
        foreach (var text in arns)
        {
            if (!LayerArn.TryParse(text, out var arn) || arn.Version is not { } version)
            {
                return Invalid($"Layer version {text} does not exist.");
            }

            if (arn.Region != region)
            {
                return Invalid(
                    "Layers are not in the same region as the function. "
                    + $"Layers are expected to be in region {region}.");
            }

            var layer = layers.Get(arn.Account, arn.Name, version);
            if (!LayerAccess.Allows(layer, principal.Account))
            {
                return arn.Account == principal.Account
                    ? Invalid($"Layer version {text} does not exist.")
                    : LayerAccess.Denied(principal.Arn, text);
            }

            if (!seen.TryAdd((arn.Account, arn.Name), text))
            {
                return Invalid(
                    "Two different versions of the same layer are not allowed to be referenced in the same function. "
                    + $"{seen[(arn.Account, arn.Name)]} and {text} are versions of the same layer.");
            }

            resolved.Add(new LayerReference(text, layer!.Content));
        }

        return resolved.ToImmutable();
    }

    private static Error Invalid(string message) => FunctionErrors.InvalidParameter(message, "Layers");
}
