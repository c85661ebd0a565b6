using System.Collections.Immutable;
using Lambent.Kernel;
using Lambent.Kernel.Functions;

namespace Lambent.Storage.Documents;

internal sealed class FunctionVersionDocument
{
    public required string Version { get; set; }

    public required string Runtime { get; set; }

    public required string Handler { get; set; }

    public required string Role { get; set; }

    public required PackageDocument Code { get; set; }

    public string Description { get; set; } = "";

    public int TimeoutSeconds { get; set; } = Limits.TimeoutSecondsDefault;

    public int MemoryMegabytes { get; set; } = Limits.MemoryMegabytesDefault;

    public int EphemeralStorageMegabytes { get; set; } = Limits.EphemeralStorageMegabytesDefault;

    public string Architecture { get; set; } = "x86_64";

    public Dictionary<string, string>? Variables { get; set; }

    public LayerReferenceDocument[] Layers { get; set; } = [];

    public string TracingMode { get; set; } = "PassThrough";

    public string LogFormat { get; set; } = "Text";

    public string? ApplicationLogLevel { get; set; }

    public string? SystemLogLevel { get; set; }

    public string? LogGroup { get; set; }

    public string SnapStartApplyOn { get; set; } = "None";

    public string? DeadLetterTarget { get; set; }

    public FunctionState State { get; set; } = FunctionState.Pending;

    public string? StateReason { get; set; }

    public string? StateReasonCode { get; set; }

    public UpdateStatus LastUpdateStatus { get; set; } = UpdateStatus.InProgress;

    public string? LastUpdateStatusReason { get; set; }

    public string? LastUpdateStatusReasonCode { get; set; }

    public required DateTimeOffset LastModifiedAt { get; set; }

    public required string RevisionId { get; set; }

    public static FunctionVersionDocument From(FunctionVersion version) => new()
    {
        Version = version.Version,
        Runtime = version.Runtime,
        Handler = version.Handler,
        Role = version.Role,
        Code = PackageDocument.From(version.Code),
        Description = version.Description,
        TimeoutSeconds = version.TimeoutSeconds,
        MemoryMegabytes = version.MemoryMegabytes,
        EphemeralStorageMegabytes = version.EphemeralStorageMegabytes,
        Architecture = version.Architecture,
        Variables = version.Variables is { } variables ? new Dictionary<string, string>(variables) : null,
        Layers = [.. version.Layers.ToPlainArray().Select(LayerReferenceDocument.From)],
        TracingMode = version.TracingMode,
        LogFormat = version.LogFormat,
        ApplicationLogLevel = version.ApplicationLogLevel,
        SystemLogLevel = version.SystemLogLevel,
        LogGroup = version.LogGroup,
        SnapStartApplyOn = version.SnapStartApplyOn,
        DeadLetterTarget = version.DeadLetterTarget,
        State = version.State,
        StateReason = version.StateReason,
        StateReasonCode = version.StateReasonCode,
        LastUpdateStatus = version.LastUpdateStatus,
        LastUpdateStatusReason = version.LastUpdateStatusReason,
        LastUpdateStatusReasonCode = version.LastUpdateStatusReasonCode,
        LastModifiedAt = version.LastModifiedAt,
        RevisionId = version.RevisionId,
    };

    public FunctionVersion ToVersion() => new()
    {
        Version = RepeatedText.Share(Version),
        Runtime = RepeatedText.Share(Runtime),
        Handler = RepeatedText.Share(Handler),
        Role = RepeatedText.Share(Role),
        Code = Code.ToPackage(),
        Description = RepeatedText.Share(Description),
        TimeoutSeconds = TimeoutSeconds,
        MemoryMegabytes = MemoryMegabytes,
        EphemeralStorageMegabytes = EphemeralStorageMegabytes,
        Architecture = RepeatedText.Share(Architecture),
        Variables = Variables?.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Layers = [.. Layers.Select(layer => layer.ToLayer())],
        TracingMode = RepeatedText.Share(TracingMode),
        LogFormat = RepeatedText.Share(LogFormat),
        ApplicationLogLevel = ApplicationLogLevel,
        SystemLogLevel = SystemLogLevel,
        LogGroup = LogGroup,
        SnapStartApplyOn = RepeatedText.Share(SnapStartApplyOn),
        DeadLetterTarget = DeadLetterTarget,
        State = State,
        StateReason = StateReason,
        StateReasonCode = StateReasonCode,
        LastUpdateStatus = LastUpdateStatus,
        LastUpdateStatusReason = LastUpdateStatusReason,
        LastUpdateStatusReasonCode = LastUpdateStatusReasonCode,
        LastModifiedAt = LastModifiedAt,
        RevisionId = RevisionId,
    };
}

internal sealed class LayerReferenceDocument
{
    public required string Arn { get; set; }

    public required PackageDocument Content { get; set; }

    public static LayerReferenceDocument From(LayerReference layer) => new()
    {
        Arn = layer.Arn,
        Content = PackageDocument.From(layer.Content),
    };

    public LayerReference ToLayer() => new(Arn, Content.ToPackage());
}
