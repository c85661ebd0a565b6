using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Executions;

/// <param name="Name">By which states wait for it.</param>
/// <param name="Data">What was sent with it.</param>
/// <param name="Key">By which it is known again, or null.</param>
internal sealed record ReceivedEvent(string Name, DataValue Data, string? Key);
