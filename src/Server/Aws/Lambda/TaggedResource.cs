using System.Text.RegularExpressions;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Functions;

namespace Lambent.Server.Aws.Lambda;

/// <summary>The resource in the path of the operations on tags: an ARN, of which functions' are served here.</summary>
internal static partial class TaggedResource
{
    private const int ArnLengthMax = 256;

    private const string PatternText =
        @"arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:"
        + @"(function:[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)"
        + @"|code-signing-config:csc-[a-z0-9]{17}"
        + "|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
        + "|capacity-provider:[a-zA-Z0-9-_]+)";

    public static Result<FunctionReference> Parse(AwsRequest request, string region)
    {
        var arn = request.Path("Resource");
        var match = Pattern().Match(arn);
        var violations = new ConstraintViolations();
        violations.Length(arn, "resource", 1, ArnLengthMax);
        if (!match.Success)
        {
            violations.Add(arn, "resource", $"Member must satisfy regular expression pattern: {PatternText}");
        }

        if (violations.ToError() is { } violation)
        {
            return violation;
        }

        if (match.Groups["kind"] is { Success: true, Value: var kind })
        {
            // Well-formed, and of a kind of which there is none here.
            var words = kind switch
            {
                "event-source-mapping" => "Event source mapping",
                "capacity-provider" => "Capacity provider",
                "layer" => "Layer",
                _ => "Code signing configuration",
            };
            return new Error(ErrorCode.ResourceNotFound, $"{words} not found: {arn}", "Resource");
        }

        if (match.Groups["region"].Value != region)
        {
            return new Error(
                ErrorCode.ResourceNotFound,
                $"Functions from '{match.Groups["region"].Value}' are not reachable in this region ('{region}')",
                "Resource");
        }

        if (match.Groups["qualifier"].Success)
        {
            return FunctionErrors.InvalidParameter(
                "Tags on function aliases and versions are not supported. Please specify a function ARN.", "Resource");
        }

        var account = AccountId.Parse(match.Groups["account"].Value);
        return new FunctionReference(new FunctionId(account, match.Groups["name"].Value), null);
    }

    [GeneratedRegex(
        @"^arn:(aws[a-zA-Z-]*):lambda:(?<region>(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-[0-9])"
        + @":(?<account>[0-9]{12}):"
        + @"(function:(?<name>[a-zA-Z0-9-_]+)(:(?<qualifier>\$LATEST|[a-zA-Z0-9-_]+))?|(?<kind>layer):([a-zA-Z0-9-_]+)"
        + "|(?<kind>code-signing-config):csc-[a-z0-9]{17}|(?<kind>event-source-mapping):"
        + "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
        + @"|(?<kind>capacity-provider):[a-zA-Z0-9-_]+)\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
