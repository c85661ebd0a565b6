using System.Text.Json.Serialization;

namespace Lambent.Server.Native;

/// <summary>The shapes of /v1/node and /v1/deployments.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NodeAnswer))]
[JsonSerializable(typeof(DeploymentsAnswer))]
internal sealed partial class NodeJson : JsonSerializerContext;

/// <summary>The machine the server runs on, what is used of it, and how the server was started.</summary>
/// <param name="Host">The machine's name.</param>
/// <param name="ProcessorShare">How busy the processors were between the last two looks, 0 to 1; absent where the
/// system does not say.</param>
/// <param name="MemoryBytes">Of the machine, or of the limit the server runs in.</param>
/// <param name="MemoryFreeBytes">What programs could still get; absent where the system does not say.</param>
/// <param name="ServerBytes">Memory of the server's own process.</param>
/// <param name="DiskBytes">Of the file system of the data folder.</param>
/// <param name="StoreBytes">Of the data folder's own files: the store and the log.</param>
internal sealed record NodeAnswer(
    string Host,
    string Version,
    DateTimeOffset StartedAt,
    int Processors,
    double? ProcessorShare,
    long MemoryBytes,
    long? MemoryFreeBytes,
    long ServerBytes,
    string DataFolder,
    long DiskBytes,
    long DiskFreeBytes,
    long StoreBytes,
    NodeEnvironmentsAnswer Environments,
    NodeSettingsAnswer Settings);

/// <summary>Environments of all accounts.</summary>
/// <param name="Waiting">Started ahead, before it is known for which function.</param>
/// <param name="WaitingWanted">How many of those there are to be.</param>
/// <param name="PeakMemoryMegabytes">What those of functions took at most, together.</param>
internal sealed record NodeEnvironmentsAnswer(
    int Max, int Starting, int Idle, int Busy, int Waiting, int WaitingWanted, long PeakMemoryMegabytes);

/// <summary>What the operator chose; names of secrets and addresses of receivers are left out.</summary>
/// <param name="IdleSeconds">Absent: the times of calls decide.</param>
/// <param name="Calls">Calls that are kept: none, failed, sampled, all.</param>
internal sealed record NodeSettingsAnswer(
    string Bind,
    int Port,
    string? PublicUrl,
    double? IdleSeconds,
    double EnvironmentAgeMaxSeconds,
    long WarmMemoryBytes,
    bool HoldsProcessorShares,
    int TimeoutSecondsMax,
    double LogDays,
    long LogBytesMax,
    bool MasksSecretsInLogs,
    bool KeepsTelemetry,
    string Calls,
    double CallDays,
    long CallBytesMax,
    int CallPayloadBytesMax,
    bool SendsLogs,
    bool SendsTraces,
    bool SendsMail,
    double SessionIdleHours,
    double SessionAgeMaxHours);

/// <summary>Functions by their last change, the newest first.</summary>
internal sealed record DeploymentsAnswer(IReadOnlyList<DeploymentAnswer> Deployments);

/// <param name="PublishedVersion">The newest one; absent when none was published.</param>
/// <param name="State">pending, active, inactive, failed.</param>
internal sealed record DeploymentAnswer(
    string Function,
    string Runtime,
    DateTimeOffset At,
    long? PublishedVersion,
    string State,
    string? Description);
