using System.Collections.Immutable;

namespace Lambent.Kernel.Functions;

/// <summary>What a function URL's CORS policy must look like.</summary>
public static class CrossOriginRules
{
    private const int ListLengthMax = 100;
    private const int MethodsMax = 6;
    private const int HeaderLengthMax = 1_024;
    private const int MethodLengthMax = 6;
    private const int OriginLengthMax = 253;
    private const int MaxAgeSecondsMax = 86_400;

    private static readonly ImmutableArray<string> Methods = ["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "*"];

    /// <summary>Adds what is malformed.</summary>
    public static void CheckForm(ConstraintViolations violations, CrossOriginPolicy? policy)
    {
        if (policy is null)
        {
            return;
        }

        CheckList(violations, policy.AllowHeaders, "cors.allowHeaders", ListLengthMax, 0, HeaderLengthMax);
        CheckList(violations, policy.AllowMethods, "cors.allowMethods", MethodsMax, 0, MethodLengthMax);
        CheckList(violations, policy.AllowOrigins, "cors.allowOrigins", ListLengthMax, 1, OriginLengthMax);
        CheckList(violations, policy.ExposeHeaders, "cors.exposeHeaders", ListLengthMax, 0, HeaderLengthMax);
        violations.Range(policy.MaxAgeSeconds, "cors.maxAge", 0, MaxAgeSecondsMax);
    }

    /// <summary>What is well-formed but makes no sense, or null. OPTIONS is always answered, not listed.</summary>
    public static Error? CheckMeaning(CrossOriginPolicy? policy)
    {
        var unknown = policy?.AllowMethods.FirstOrDefault(method => !Methods.Contains(method));
        return unknown is null
            ? null
            : FunctionErrors.InvalidParameter(
                $"Invalid method '{unknown}' in AllowMethods: allowed are {string.Join(", ", Methods)}.", "Cors");
    }

    private static void CheckList(
        ConstraintViolations violations, ImmutableArray<string> values, string field, int itemsMax, int min, int max)
    {
        var shown = $"[{string.Join(", ", values)}]";
        if (values.Length > itemsMax)
        {
            violations.Add(shown, field, $"Member must have length less than or equal to {itemsMax}");
        }
        else if (values.Any(value => value is null || value.Length < min || value.Length > max))
        {
            violations.Add(
                shown,
                field,
                $"Member must satisfy constraint: [Member must have length less than or equal to {max}, "
                + $"Member must have length greater than or equal to {min}]");
        }
    }
}
