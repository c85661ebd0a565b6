using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Lambent.Kernel.Functions;
using Lambent.Server.Functions;

namespace Lambent.Server.Aws.Lambda.Shapes;

/// <summary>FunctionUrlConfig of the API.</summary>
internal sealed record FunctionUrlConfigShape
{
    public required string FunctionUrl { get; init; }

    public required string FunctionArn { get; init; }

    public required string AuthType { get; init; }

    public CorsShape? Cors { get; init; }

    public required string CreationTime { get; init; }

    /// <summary>CreateFunctionUrlConfig does not tell it.</summary>
    public string? LastModifiedTime { get; init; }

    public required string InvokeMode { get; init; }

    public static FunctionUrlConfigShape From(
        Function function, string? qualifier, FunctionArns arns, FunctionUrls urls)
    {
        var url = function.Urls[qualifier ?? Function.Unqualified];
        return new FunctionUrlConfigShape
        {
            FunctionUrl = urls.Build(function.Id, qualifier),
            FunctionArn = arns.Function(function.Id, qualifier),
            AuthType = url.Auth == FunctionUrlAuth.None ? "NONE" : "AWS_IAM",
            Cors = url.CrossOrigin is { } policy ? CorsShape.From(policy) : null,
            CreationTime = FunctionUrls.TimeText(url.CreatedAt),
            LastModifiedTime = FunctionUrls.TimeText(url.LastModifiedAt),
            InvokeMode = url.InvokeMode == FunctionUrlInvokeMode.Buffered ? "BUFFERED" : "RESPONSE_STREAM",
        };
    }
}

/// <summary>Cors of the API. Empty lists are left out.</summary>
internal sealed record CorsShape
{
    public bool? AllowCredentials { get; init; }

    public IReadOnlyList<string>? AllowHeaders { get; init; }

    public IReadOnlyList<string>? AllowMethods { get; init; }

    public IReadOnlyList<string>? AllowOrigins { get; init; }

    public IReadOnlyList<string>? ExposeHeaders { get; init; }

    public int? MaxAge { get; init; }

    public static CorsShape From(CrossOriginPolicy policy) => new()
    {
        AllowCredentials = policy.AllowCredentials,
        AllowHeaders = Present(policy.AllowHeaders),
        AllowMethods = Present(policy.AllowMethods),
        AllowOrigins = Present(policy.AllowOrigins),
        ExposeHeaders = Present(policy.ExposeHeaders),
        MaxAge = policy.MaxAgeSeconds,
    };

    /// <summary>Null when nothing is set: an empty object takes a policy away.</summary>
    public CrossOriginPolicy? ToPolicy()
    {
        var policy = new CrossOriginPolicy
        {
            AllowCredentials = AllowCredentials,
            AllowHeaders = [.. AllowHeaders ?? []],
            AllowMethods = [.. AllowMethods ?? []],
            AllowOrigins = [.. AllowOrigins ?? []],
            ExposeHeaders = [.. ExposeHeaders ?? []],
            MaxAgeSeconds = MaxAge,
        };
        var isEmpty = policy is
        {
            AllowCredentials: null,
            AllowHeaders: [],
            AllowMethods: [],
            AllowOrigins: [],
            ExposeHeaders: [],
            MaxAgeSeconds: null,
        };
        return isEmpty ? null : policy;
    }

    private static ImmutableArray<string>? Present(ImmutableArray<string> values) =>
        values.IsDefaultOrEmpty ? null : values;
}

/// <summary>What CreateFunctionUrlConfig and UpdateFunctionUrlConfig take.</summary>
internal sealed record FunctionUrlConfigRequest
{
    public static IReadOnlyList<string> InvokeModes { get; } = ["RESPONSE_STREAM", "BUFFERED"];

    public string? AuthType { get; init; }

    public CorsShape? Cors { get; init; }

    public string? InvokeMode { get; init; }

    [JsonIgnore]
    public FunctionUrlAuth? Auth => AuthType switch
    {
        "NONE" => FunctionUrlAuth.None,
        "AWS_IAM" => FunctionUrlAuth.AwsIam,
        _ => null,
    };

    [JsonIgnore]
    public FunctionUrlInvokeMode? Mode => InvokeMode switch
    {
        "BUFFERED" => FunctionUrlInvokeMode.Buffered,
        "RESPONSE_STREAM" => FunctionUrlInvokeMode.ResponseStream,
        _ => null,
    };
}
