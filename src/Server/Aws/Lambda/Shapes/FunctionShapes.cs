using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Lambent.Kernel.Functions;
using Lambent.Server.Functions;

namespace Lambent.Server.Aws.Lambda.Shapes;

/// <summary>Writes functions and their versions as the API shows them.</summary>
internal sealed class FunctionShapes(FunctionArns arns)
{
    private readonly ConcurrentDictionary<string, string> runtimeArns = new(StringComparer.Ordinal);

    /// <summary>A version with all that is known of it.</summary>
    /// <param name="qualifier">What the ARN ends with; null for the ARN without one.</param>
    public FunctionConfigurationShape Configuration(FunctionId id, FunctionVersion version, string? qualifier)
    {
        // AWS says nothing of updates as long as a function is being created.
        var updates = version.State != FunctionState.Pending;
        return InList(id, version, qualifier) with
        {
            State = version.State.ToString(),
            StateReason = version.StateReason,
            StateReasonCode = version.StateReasonCode,
            LastUpdateStatus = updates ? version.LastUpdateStatus.ToString() : null,
            LastUpdateStatusReason = updates ? version.LastUpdateStatusReason : null,
            LastUpdateStatusReasonCode = updates ? version.LastUpdateStatusReasonCode : null,
            RuntimeVersionConfig = new RuntimeVersionConfigShape(RuntimeArn(version.Runtime)),
        };
    }

    /// <summary>A version as the List operations show it: without its state.</summary>
    public FunctionConfigurationShape InList(FunctionId id, FunctionVersion version, string? qualifier) => new()
    {
        FunctionName = id.Name,
        FunctionArn = arns.Function(id, qualifier),
        Runtime = version.Runtime,
        Role = version.Role,
        Handler = version.Handler,
        CodeSize = version.Code.SizeBytes,
        Description = version.Description,
        Timeout = version.TimeoutSeconds,
        MemorySize = version.MemoryMegabytes,
        LastModified = Timestamps.Text(version.LastModifiedAt),
        CodeSha256 = version.Code.Sha256Base64,
        Version = version.Version,
        DeadLetterConfig = version.DeadLetterTarget is { } target
            ? new DeadLetterConfigShape { TargetArn = target }
            : null,
        Environment = version.Variables is { } variables
            ? new EnvironmentShape { Variables = variables! }
            : null,
        TracingConfig = new TracingConfigShape { Mode = version.TracingMode },
        RevisionId = version.RevisionId,
        Layers = version.Layers.IsEmpty
            ? null
            : [.. version.Layers.Select(layer => new LayerUseShape(layer.Arn, layer.Content.SizeBytes))],
        PackageType = "Zip",
        Architectures = [version.Architecture],
        EphemeralStorage = new EphemeralStorageShape { Size = version.EphemeralStorageMegabytes },
        SnapStart = new SnapStartShape { ApplyOn = version.SnapStartApplyOn, OptimizationStatus = "Off" },
        LoggingConfig = new LoggingConfigShape
        {
            LogFormat = version.LogFormat,
            ApplicationLogLevel = version.ApplicationLogLevel,
            SystemLogLevel = version.SystemLogLevel,
            LogGroup = version.LogGroup ?? $"/aws/lambda/{id.Name}",
        },
    };

    public AliasShape Alias(FunctionId id, Alias alias) => new()
    {
        AliasArn = arns.Function(id, alias.Name),
        Name = alias.Name,
        FunctionVersion = alias.FunctionVersion,
        Description = alias.Description,
        RevisionId = alias.RevisionId,
        RoutingConfig = alias.AdditionalVersion is { } second
            ? new AliasRoutingShape
            {
                AdditionalVersionWeights = new Dictionary<string, double?> { [second] = alias.AdditionalVersionWeight },
            }
            : null,
    };

    /// <summary>AWS names a runtime's build by a digest; ours is of its name: there is one build of each.</summary>
    private string RuntimeArn(string runtime) => runtimeArns.GetOrAdd(runtime, name =>
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        return $"arn:aws:lambda:{arns.Region}::runtime:{digest}";
    });
}
