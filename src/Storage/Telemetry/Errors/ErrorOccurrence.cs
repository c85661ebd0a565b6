using Lambent.Kernel.Environments;
using Lambent.Kernel.Errors;
using Lambent.Kernel.Functions;

namespace Lambent.Storage.Telemetry.Errors;

/// <summary>An error as it was noticed, on its way into its group.</summary>
/// <param name="RequestId">The call, or null.</param>
/// <param name="Specification">What failed; null where that is not known.</param>
/// <param name="StoredCall">The row of its stored call, or 0.</param>
internal sealed record ErrorOccurrence(
    FunctionId Function,
    string Version,
    string? RequestId,
    DateTimeOffset At,
    EnvironmentSpecification? Specification,
    ErrorReport Report,
    long StoredCall);
