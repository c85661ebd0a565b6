using System.Globalization;
using System.Text.RegularExpressions;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.Lambda;

/// <summary>Which layer a request means: LayerName is a name or a layer's ARN.</summary>
internal sealed partial record LayerTarget(AccountId Account, string Name)
{
    private const string NamePatternText =
        @"(arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\d{12}:layer:[a-zA-Z0-9-_]+)|[a-zA-Z0-9-_]+";

    /// <summary>The layer in the path.</summary>
    public static Result<LayerTarget> Parse(LambdaServices services, AwsRequest request)
    {
        var text = request.Path("LayerName");
        var violations = new ConstraintViolations();
        violations.Length(text, "layerName", 1, Limits.LayerNameLengthMax);
        violations.Pattern(text, "layerName", NamePattern(), NamePatternText);
        if (violations.ToError() is { } violation)
        {
            return violation;
        }

        if (!text.Contains(':', StringComparison.Ordinal))
        {
            return new LayerTarget(request.Principal.Account, text);
        }

        if (!LayerArn.TryParse(text, out var arn) || arn.Region != services.Options.Region)
        {
            return new Error(
                ErrorCode.ResourceNotFound,
                $"Layers from '{text.Split(':')[3]}' are not reachable in this region ('{services.Options.Region}')",
                "LayerName");
        }

        return new LayerTarget(arn.Account, arn.Name);
    }

    /// <summary>The layer and the version number in the path, which must be at least 1.</summary>
    public static Result<(LayerTarget Layer, long Version)> ParseVersion(LambdaServices services, AwsRequest request)
    {
        if (Parse(services, request).Failed(out var layer, out var wrong))
        {
            return wrong;
        }

        var text = request.Path("VersionNumber");
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var version))
        {
            return new Error(
                ErrorCode.RequestUnreadable,
                $"VersionNumber is not a number: '{text[..Math.Min(text.Length, 40)]}'",
                "VersionNumber");
        }

        return version < 1
            ? FunctionErrors.InvalidParameter("Layer Version Cannot be less than 1", "VersionNumber")
            : (layer, version);
    }

    /// <summary>
    /// A refusal when the layer is another account's: what policies do not govern is for the owner alone. It does
    /// not tell whether the layer exists.
    /// </summary>
    public Error? RequireOwner(LambdaServices services, AwsRequest request, string operation, long? version = null)
    {
        if (Account == request.Principal.Account)
        {
            return null;
        }

        var arn = version is { } number
            ? services.Arns.Layer(Account, Name, number)
            : services.Arns.Layer(Account, Name);
        return LayerAccess.Denied(request.Principal.Arn, arn, $"lambda:{operation}");
    }

    [GeneratedRegex(
        @"^((arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:[0-9]{12}:layer:[a-zA-Z0-9-_]+)|[a-zA-Z0-9-_]+)\z")]
    private static partial Regex NamePattern();
}
